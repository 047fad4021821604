#include "graph/ops/layout.hpp"

#include <doctest/doctest.h>

#include <limits>

#include "graph/ops/pad.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;

Tensor<double> counting(const Shape& shape) {
  Tensor<double> values(shape);
  for (std::int64_t i = 0; i < values.size(); ++i) values.data()[i] = static_cast<double>(i);
  return values;
}

}  // namespace

TEST_CASE("reshape works on a sample and keeps the batch") {
  CHECK(inferred(reshape_op({7, -1}), {{batch, 28, 28}}) == Shape{batch, 7, 112});
  CHECK(inferred(reshape_op({784}), {{28, 28}}) == Shape{784});
  CHECK(inferred(reshape_op({1}), {{batch}}) == Shape{batch, 1});
  CHECK(inferred(flatten_op(), {{batch, 2, 3, 4}}) == Shape{batch, 24});
  CHECK(inferred(flatten_op(), {{}}) == Shape{1});
  CHECK(reshape_op({1})->is_view());
}

TEST_CASE("reshape says what it cannot do") {
  CHECK(complaint([] {
          inferred(reshape_op({5, -1}), {{batch, 28, 28}});
        }) == "reshape cannot make [5, -1] of a sample of [batch, 28, 28], which has 784 elements");
  CHECK(complaint([] {
          inferred(reshape_op({10, 10}), {{batch, 28, 28}});
        }) == "reshape cannot make [10, 10] of a sample of [batch, 28, 28], which has 784 elements");
  CHECK(complaint([] { reshape_op({-1, -1}); }) == "reshape takes at most one -1, not [-1, -1]");
  CHECK(complaint([] { reshape_op({0}); }) == "reshape takes extents of at least 1, or one -1 for what is left, not 0");
  const std::int64_t huge = std::int64_t{1} << 40;
  CHECK(complaint([&] { inferred(reshape_op({huge, huge, -1}), {{4}}); }).starts_with("reshape cannot make"));
  // 4 times this is 4 in 64 bits.
  const std::int64_t wraps = (std::int64_t{1} << 62) + 1;
  CHECK(complaint([&] { inferred(reshape_op({4, wraps}), {{4}}); }).starts_with("reshape cannot make"));
}

TEST_CASE("concat joins along the axis it is given, and its adjoints take their part each") {
  const auto a = tensor({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto b = tensor({2, 1}, {10.0, 20.0});
  CHECK(elements(forward(concat_op(-1), {a, b})) == std::vector<double>{1, 2, 10, 3, 4, 20});
  CHECK(elements(forward(concat_op(-2), {a, a})) == std::vector<double>{1, 2, 3, 4, 1, 2, 3, 4});
  const auto g = counting({2, 3});
  CHECK(elements(backward(concat_op(-1), {a, b}, g, 0)) == std::vector<double>{0, 1, 3, 4});
  CHECK(elements(backward(concat_op(-1), {a, b}, g, 1)) == std::vector<double>{2, 5});
  CHECK(elements(backward(concat_op(-1), {a, b}, g, 1, &b)) == std::vector<double>{12, 25});
  CHECK(inferred(concat_op(-1), {{batch, 2}, {batch, 5}}) == Shape{batch, 7});
}

TEST_CASE("concat says which inputs do not agree, and never joins along the batch") {
  CHECK(complaint([] {
          inferred(concat_op(-1), {{batch, 2}, {2}});
        }) == "concat along axis -1 needs inputs that agree in every other axis, not [batch, 2] and [2]");
  CHECK(complaint([] {
          inferred(concat_op(-1), {{2, 3}, {4, 3}});
        }) == "concat along axis -1 needs inputs that agree in every other axis, not [2, 3] and [4, 3]");
  CHECK(complaint([] {
          inferred(concat_op(-2), {{batch, 2}, {batch, 2}});
        }) == "concat along axis -2 needs an input that has it, not [batch, 2]");
}

TEST_CASE("slice picks elements as Python does, without clipping") {
  const auto x = counting({2, 5});
  CHECK(elements(forward(slice_op(1, 3, -1), {x})) == std::vector<double>{1, 2, 6, 7});
  CHECK(elements(forward(slice_op(-2, {}, -1), {x})) == std::vector<double>{3, 4, 8, 9});
  CHECK(elements(forward(slice_op(0, -1, -1, 3), {x})) == std::vector<double>{0, 3, 5, 8});
  CHECK(elements(forward(slice_op(1, 2, -2), {x})) == std::vector<double>{5, 6, 7, 8, 9});
  CHECK(inferred(slice_op(0, {}, -1, 2), {{batch, 5}}) == Shape{batch, 3});
  CHECK(complaint([] {
          inferred(slice_op(2, 9, -1), {{batch, 5}});
        }) ==
        "slice from 2 to 9 picks nothing, or elements that are not there, of an axis of 5 elements of [batch, 5]");
  CHECK(complaint([] { inferred(slice_op(3, 3, -1), {{5}}); }) ==
        "slice from 3 to 3 picks nothing, or elements that are not there, of an axis of 5 elements of [5]");
  CHECK(complaint([] { inferred(slice_op(-9, {}, -1), {{5}}); }) ==
        "slice from -9 picks nothing, or elements that are not there, of an axis of 5 elements of [5]");
  CHECK(complaint([] { slice_op(0, {}, -1, 0); }) == "slice needs a step other than 0");
  using Limits = std::numeric_limits<std::int64_t>;
  CHECK(elements(forward(slice_op(4, {}, -1, Limits::min()), {counting({5})})) == std::vector<double>{4});
  CHECK(elements(forward(slice_op(1, {}, -1, Limits::max()), {counting({5})})) == std::vector<double>{1});
  CHECK(complaint([] {
          pad_op({{Limits::min(), 0}});
        }) == "pad cannot add more elements than a tensor may have, as -9223372036854775808 and 0 would");
}

TEST_CASE("the adjoint of a slice is zero where nothing was picked, and adds to what is there when it accumulates") {
  const auto x = counting({5});
  const auto g = tensor({2}, {7.0, 8.0});
  CHECK(elements(backward(slice_op(0, -1, -1, 3), {x}, g, 0)) == std::vector<double>{7, 0, 0, 8, 0});
  CHECK(elements(backward(slice_op(0, -1, -1, 3), {x}, g, 0, &x)) == std::vector<double>{7, 1, 2, 11, 4});
}

TEST_CASE("the language counts a sample's axes: the first is 0, the last -1, the batch does not count") {
  const Argument x = vertex({batch, 4, 6});
  CHECK(call("slice", {x, number(0), number(2)})->shape == Shape{batch, 4, 2});
  CHECK(call("slice", {x, number(0), number(2)}, {{"axis", number(0)}})->shape == Shape{batch, 2, 6});
  CHECK(call("slice", {x, number(1)}, {{"axis", number(-2)}, {"step", number(2)}})->shape == Shape{batch, 2, 6});
  CHECK(call("concat", {x, x})->shape == Shape{batch, 4, 12});
  CHECK(call("concat", {x, x}, {{"axis", number(0)}})->shape == Shape{batch, 8, 6});
  CHECK(call("reshape", {x, number(2), number(-1)})->shape == Shape{batch, 2, 12});
  CHECK(call("flatten", {x})->shape == Shape{batch, 24});
  CHECK(complaint([&] {
          call("concat", {x, x}, {{"axis", number(2)}});
        }) ==
        "axis 2 is not one of the 2 axes of a sample of [batch, 4, 6]; the first is 0, the last -1, the batch does not "
        "count");
}
