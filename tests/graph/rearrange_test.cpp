#include <doctest/doctest.h>

#include "graph/ops/cumsum.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/pad.hpp"
#include "graph/ops/repeat.hpp"
#include "graph/ops/transpose.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;
using Values = std::vector<double>;

Tensor<double> counting(const Shape& shape) {
  Tensor<double> values(shape);
  for (std::int64_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<double>(i);
  return values;
}

}  // namespace

TEST_CASE("transpose puts each element where the permutation says, for matrices beyond one tile too") {
  const auto x = counting({3, 21, 18});
  for (const std::vector<std::int64_t>& p :
       {std::vector<std::int64_t>{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}) {
    const auto y = forward(transpose_op(p), {x});
    std::array<std::int64_t, 3> from{};
    std::int64_t wrong = 0;
    for (from[0] = 0; from[0] < 3; ++from[0])
      for (from[1] = 0; from[1] < 21; ++from[1])
        for (from[2] = 0; from[2] < 18; ++from[2]) {
          std::int64_t at = 0;
          for (std::size_t k = 0; k < 3; ++k) at = at * y.shape()[k] + from[static_cast<std::size_t>(p[k])];
          if (y.data()[at] != static_cast<double>((from[0] * 21 + from[1]) * 18 + from[2])) ++wrong;
        }
    CHECK(wrong == 0);
  }
}

TEST_CASE("transpose leaves the batch first, and in the language counts a sample's axes") {
  const Argument x = vertex({batch, 4, 6, 2});
  CHECK(call("transpose", {x})->shape == Shape{batch, 2, 6, 4});
  CHECK(call("transpose", {x, number(1), number(0), number(-1)})->shape == Shape{batch, 6, 4, 2});
  CHECK(complaint([] {
          inferred(transpose_op({1, 0}), {{batch, 3}});
        }) == "transpose to (1, 0) would move the batch of [batch, 3]");
  CHECK(complaint([] { transpose_op({1, 1}); }) == "transpose needs each axis once, from 0 on, not (1, 1)");
}

TEST_CASE("squeeze and unsqueeze take away and put in axes of extent 1, as views") {
  CHECK(squeeze_op()->is_view());
  CHECK(inferred(squeeze_op(), {{batch, 1, 3, 1}}) == Shape{batch, 3});
  CHECK(inferred(squeeze_op({-3}), {{batch, 1, 3, 1}}) == Shape{batch, 3, 1});
  CHECK(inferred(unsqueeze_op({-1, -3}), {{batch, 3}}) == Shape{batch, 1, 3, 1});
  CHECK(call("unsqueeze", {vertex({batch, 3})}, {{"axis", number(0)}})->shape == Shape{batch, 1, 3});
  CHECK(complaint([] {
          inferred(squeeze_op({-1}), {{batch, 3}});
        }) == "squeeze of [batch, 3] cannot take away an axis of extent 3");
  CHECK(complaint([] {
          inferred(unsqueeze_op({-3}), {{batch, 3}});
        }) == "unsqueeze of [batch, 3] cannot take axis -3: it is not there, is the batch, or is given twice");
}

TEST_CASE("split gives parts that add up to the axis") {
  const ExpressionPtr x = vertex({batch, 5}).value;
  const auto parts = split(x, std::array<std::int64_t, 2>{2, 3}, -1);
  REQUIRE(parts.size() == 2);
  CHECK(parts[1]->shape == Shape{batch, 3});
  CHECK(complaint([&] {
          split(x, std::array<std::int64_t, 2>{2, 2}, -1);
        }) == "split along axis -1 needs parts of at least 1 that add up to its extent of 5 in [batch, 5]");
}

TEST_CASE("expand broadcasts and tile repeats, and their adjoints are sums") {
  const auto x = tensor({2, 1}, {1.0, 2.0});
  CHECK(elements(forward(expand_op({2, 3}), {x})) == Values{1, 1, 1, 2, 2, 2});
  CHECK(elements(backward(expand_op({2, 3}), {x}, counting({2, 3}), 0)) == Values{3, 12});
  const auto row = tensor({1, 2}, {1.0, 2.0});
  CHECK(elements(forward(tile_op({2, 2}), {row})) == Values{1, 2, 1, 2, 1, 2, 1, 2});
  CHECK(elements(backward(tile_op({2, 2}), {row}, counting({2, 4}), 0)) == Values{12, 16});
  CHECK(call("tile", {vertex({batch, 3}), number(2)})->shape == Shape{batch, 6});
  CHECK(call("expand", {vertex({batch, 1}), number(4)})->shape == Shape{batch, 4});
  CHECK(complaint([] { tile_op({0}); }) == "tile needs repeats of at least 1, not 0");
}

TEST_CASE("pad puts a constant, the mirror image or the edge around, and cuts where it is negative") {
  const auto x = tensor({3}, {1.0, 2.0, 3.0});
  CHECK(elements(forward(pad_op({{1, 2}}, PadMode::constant, 9), {x})) == Values{9, 1, 2, 3, 9, 9});
  CHECK(elements(forward(pad_op({{2, 3}}, PadMode::reflect), {x})) == Values{3, 2, 1, 2, 3, 2, 1, 2});
  CHECK(elements(forward(pad_op({{1, 2}}, PadMode::edge), {x})) == Values{1, 1, 2, 3, 3, 3});
  CHECK(elements(forward(pad_op({{-1, 1}}), {x})) == Values{2, 3, 0});
  CHECK(elements(backward(pad_op({{1, 2}}, PadMode::edge), {x}, counting({6}), 0)) == Values{1, 2, 12});
  CHECK(call("pad", {vertex({batch, 4, 5}), number(1), number(2)}, {{"axis", number(0)}, {"mode", word("edge")}})
            ->shape == Shape{batch, 7, 5});
}

TEST_CASE("cumsum sums up from either end, with or without the element itself") {
  const auto x = tensor({3}, {1.0, 2.0, 4.0});
  CHECK(elements(forward(cumsum_op(-1), {x})) == Values{1, 3, 7});
  CHECK(elements(forward(cumsum_op(-1, true), {x})) == Values{0, 1, 3});
  CHECK(elements(forward(cumsum_op(-1, false, true), {x})) == Values{7, 6, 4});
  CHECK(elements(forward(cumsum_op(-1, true, true), {x})) == Values{6, 4, 0});
}
