#include "graph/ops/pooling.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;
using Numbers = std::vector<double>;

// [1, 1, rows, columns] of 1, 2, 3, ...
Tensor<double> counting(std::int64_t rows, std::int64_t columns) {
  Tensor<double> x({1, 1, rows, columns});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = static_cast<double>(i + 1);
  return x;
}

Tensor<double> line(const Numbers& values) { return tensor({1, 1, static_cast<std::int64_t>(values.size())}, values); }

Numbers pooled(const OpPtr& op, const Tensor<double>& x) { return elements(forward(op, {x})); }

}  // namespace

TEST_CASE("pooling gives the numbers of the specification's examples") {
  const Tensor<double> x = counting(5, 5);
  const WindowSpec padded{.kernel = {5, 5}, .pads = {2, 2, 2, 2}};
  CHECK(pooled(max_pool_op(padded), x) ==
        Numbers{13, 14, 15, 15, 15, 18, 19, 20, 20, 20, 23, 24, 25, 25, 25, 23, 24, 25, 25, 25, 23, 24, 25, 25, 25});
  CHECK(pooled(average_pool_op(padded), x) == Numbers{7,    7.5,  8,    8.5,  9,    9.5,  10,   10.5, 11,
                                                      11.5, 12,   12.5, 13,   13.5, 14,   14.5, 15,   15.5,
                                                      16,   16.5, 17,   17.5, 18,   18.5, 19});
  const WindowSpec strided{.kernel = {2, 2}, .strides = {2, 2}};
  CHECK(pooled(max_pool_op(strided), x) == Numbers{7, 9, 17, 19});
  CHECK(pooled(average_pool_op(strided), x) == Numbers{4, 6, 14, 16});
  const WindowSpec same{.kernel = {3, 3}, .strides = {2, 2}, .auto_pad = AutoPad::same_upper};
  CHECK(pooled(max_pool_op(same), x) == Numbers{7, 9, 10, 17, 19, 20, 22, 24, 25});
  CHECK(pooled(average_pool_op(same), x) == Numbers{4, 5.5, 7, 11.5, 13, 14.5, 19, 20.5, 22});
  const WindowSpec ceil{.kernel = {3, 3}, .strides = {2, 2}, .ceil = true};
  CHECK(pooled(max_pool_op(ceil), counting(4, 4)) == Numbers{11, 12, 15, 16});
  CHECK(pooled(average_pool_op(ceil), counting(4, 4)) == Numbers{6, 7.5, 12, 13.5});
  CHECK(pooled(max_pool_op({.kernel = {2, 2}, .dilations = {2, 2}}), counting(4, 4)) == Numbers{11, 12, 15, 16});
}

TEST_CASE("an average counts its padding only where it is asked to, and never what lies beyond the padding") {
  const WindowSpec padded{.kernel = {3}, .pads = {1, 1}};
  CHECK(pooled(average_pool_op(padded), line({3, 6, 9})) == Numbers{4.5, 6, 7.5});
  CHECK(pooled(average_pool_op(padded, true), line({3, 6, 9})) == Numbers{3, 6, 5});
  const WindowSpec beyond{.kernel = {3}, .strides = {2}, .pads = {0, 1}, .ceil = true};
  CHECK(pooled(average_pool_op(beyond, true), line({3, 6, 9, 12})) == Numbers{6, 7});
  const WindowSpec over{.kernel = {4}, .strides = {3}, .pads = {0, 1}, .ceil = true};
  CHECK(pooled(average_pool_op(over, true), line({3, 6, 9, 12, 15})) == Numbers{7.5, 9});
}

TEST_CASE("a last window that would begin in the padding is left out") {
  const WindowSpec ceil{.kernel = {1}, .strides = {2}, .pads = {0, 1}, .ceil = true};
  CHECK(pooled(max_pool_op(ceil), line({1, 2})) == Numbers{1});
  CHECK(pooled(max_pool_op(ceil), line({1, 2, 3})) == Numbers{1, 3});
}

TEST_CASE("a kernel of more elements than 64 bits count, nearly all on padding, has its cost") {
  const std::int64_t half = std::int64_t{1} << 29;
  const OpPtr pool =
      max_pool_op({.kernel = {2 * half, 2 * half, 2 * half}, .pads = {half, half, half, half, half, half}});
  const Shape x[] = {{1, 1, 4, 4, 4}};
  CHECK(pool->cost(x, pool->infer(x)) == 125 * std::pow(2.0, 90));
}

TEST_CASE("an odd element of padding goes to the end or the begin") {
  const auto same = [](AutoPad pad) { return WindowSpec{.kernel = {2}, .auto_pad = pad}; };
  CHECK(pooled(max_pool_op(same(AutoPad::same_upper)), line({1, 2, 3})) == Numbers{2, 3, 3});
  CHECK(pooled(max_pool_op(same(AutoPad::same_lower)), line({1, 2, 3})) == Numbers{1, 2, 3});
  CHECK(pooled(max_pool_op(same(AutoPad::valid)), line({1, 2, 3})) == Numbers{2, 3});
}

TEST_CASE("the first of equal maxima takes the adjoint, once for every window") {
  const OpPtr op = max_pool_op({.kernel = {3}});
  const Tensor<double> x = line({1, 5, 5, 5, -0.0});
  CHECK(elements(backward(op, {x}, line({1, 10, 100}), 0)) == Numbers{0, 11, 100, 0, 0});
  const Tensor<double> before = line({1, 1, 1, 1, 1});
  CHECK(elements(backward(op, {x}, line({1, 10, 100}), 0, &before)) == Numbers{1, 12, 101, 1, 1});
  CHECK(elements(backward(max_pool_op({.kernel = {2}}), {line({0.0, -0.0, 0.0})}, line({1, 10}), 0)) ==
        Numbers{1, 10, 0});
}

TEST_CASE("maxima of windows without a finite element stay what they are") {
  const double infinity = std::numeric_limits<double>::infinity();
  const OpPtr op = max_pool_op({.kernel = {2}, .strides = {2}});
  const Numbers y = pooled(op, line({-infinity, -infinity, std::nan(""), 3, 3, std::nan("")}));
  CHECK(y[0] == -infinity);
  CHECK(std::isnan(y[1]));
  CHECK(std::isnan(y[2]));
  CHECK(elements(backward(op, {line({-infinity, -infinity, std::nan(""), 3})}, line({1, 10}), 0)) ==
        Numbers{1, 0, 10, 0});
}

TEST_CASE("an average shares its adjoint out evenly") {
  const OpPtr op = average_pool_op({.kernel = {2}, .pads = {1, 0}});
  CHECK(elements(backward(op, {line({1, 2, 3})}, line({1, 10, 100}), 0)) == Numbers{6, 55, 50});
  const OpPtr counting_padding = average_pool_op({.kernel = {2}, .pads = {1, 0}}, true);
  CHECK(elements(backward(counting_padding, {line({1, 2, 3})}, line({1, 10, 100}), 0)) == Numbers{5.5, 55, 50});
}

TEST_CASE("pooling works on every channel and sample alone, over one to three axes") {
  const Tensor<double> x = tensor({2, 2, 2}, {1.0, 2.0, 4.0, 3.0, 5.0, 6.0, 8.0, 7.0});
  CHECK(pooled(max_pool_op({.kernel = {2}}), x) == Numbers{2, 4, 6, 8});
  CHECK(pooled(average_pool_op({.kernel = {2}}), x) == Numbers{1.5, 3.5, 5.5, 7.5});
  CHECK(pooled(max_pool_op({.kernel = {2, 2, 2}}), tensor({1, 1, 2, 2, 2}, elements(x))) == Numbers{8});
  CHECK(inferred(max_pool_op({.kernel = {2, 3, 4}}), {{batch, 5, 4, 4, 4}}) == Shape{batch, 5, 3, 2, 1});
}

TEST_CASE("global pooling leaves one element a channel") {
  const Tensor<double> x = tensor({2, 1, 2, 2}, {1.0, 2.0, 4.0, 3.0, 5.0, 6.0, 8.0, 7.0});
  CHECK(pooled(global_max_pool_op(2), x) == Numbers{4, 8});
  CHECK(pooled(global_average_pool_op(2), x) == Numbers{2.5, 6.5});
  CHECK(inferred(global_max_pool_op(2), {{batch, 3, 4, 5}}) == Shape{batch, 3, 1, 1});
  CHECK(inferred(global_average_pool_op(3), {{batch, 3, 4, 5, 6}}) == Shape{batch, 3, 1, 1, 1});
}

TEST_CASE("pooling says what does not fit") {
  CHECK(complaint([] {
          inferred(max_pool_op({.kernel = {3, 3}}), {{batch, 4, 2}});
        }) ==
        "max_pool with a kernel that reaches over 3 elements does not fit an axis of 2 elements with padding 0 and 0");
  CHECK(complaint([] {
          inferred(max_pool_op({.kernel = {3, 3}}), {{batch, 4}});
        }) == "max_pool over 2 axes needs an input that has them, not [batch, 4]");
  CHECK(complaint([] {
          inferred(average_pool_op({.kernel = {2}, .pads = {2, 0}}), {{1, 1, 4}});
        }) == "average_pool's window number 0 along an axis of 4 elements lies in the padding altogether");
  CHECK(complaint([] {
          inferred(max_pool_op({.kernel = {2}, .pads = {-1, 0}}), {{1, 1, 4}});
        }) == "max_pool takes pad from 0 to 1073741824, not -1");
}

TEST_CASE("pooling in the language strides by its kernel unless it is told to") {
  const Argument image = vertex({batch, 6, 28, 28});
  CHECK(call("max_pool", {image, number(2)})->shape == Shape{batch, 6, 14, 14});
  CHECK(call("max_pool", {image, number(2), number(4)})->shape == Shape{batch, 6, 14, 7});
  CHECK(call("average_pool", {image, number(3)}, {{"stride", number(2)}, {"ceil", number(1)}})->shape ==
        Shape{batch, 6, 14, 14});
  CHECK(call("max_pool", {image, number(3)}, {{"stride", number(1)}, {"pad", word("same")}})->shape ==
        Shape{batch, 6, 28, 28});
  CHECK(call("average_pool", {image, number(3)}, {{"pad", number(1)}, {"count_pad", number(1)}})->shape ==
        Shape{batch, 6, 10, 10});
  CHECK(call("global_average_pool", {image})->shape == Shape{batch, 6, 1, 1});
  CHECK(call("global_max_pool", {vertex({batch, 6, 28})})->shape == Shape{batch, 6, 1});
  CHECK(
      complaint([] {
        call("global_max_pool", {vertex({batch, 6})});
      }) ==
      "global_max_pool needs an input [batch, channels, ...] of 1 to 3 spatial axes, not [batch, 6]; give it channels "
      "with reshape(x, 1, ...)");
}
