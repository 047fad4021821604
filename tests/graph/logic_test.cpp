#include "graph/ops/logic.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/ops/one_hot.hpp"
#include "graph/ops/where.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::int64_t batch = Shape::kBatch;
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();
using Values = std::vector<double>;

Values of_two(const OpPtr& op, const Values& a, const Values& b) {
  const Shape shape{static_cast<std::int64_t>(a.size())};
  return elements(forward(op, {tensor(shape, a), tensor(shape, b)}));
}

}  // namespace

TEST_CASE("comparisons are 1 or 0, on both sides of a tie and at it, and false with NaN") {
  const Values a{1, 3, 2, not_a_number};
  const Values b{2, 2, 2, 2};
  CHECK(of_two(equal_op(), a, b) == Values{0, 0, 1, 0});
  CHECK(of_two(greater_op(), a, b) == Values{0, 1, 0, 0});
  CHECK(of_two(greater_equal_op(), a, b) == Values{0, 1, 1, 0});
  CHECK(of_two(less_op(), a, b) == Values{1, 0, 0, 0});
  CHECK(of_two(less_equal_op(), a, b) == Values{1, 0, 1, 0});
  CHECK(elements(backward(less_op(), {tensor({1}, {1.0}), tensor({1}, {2.0})}, tensor({1}, {5.0}), 0)) == Values{0});
}

TEST_CASE("logic takes anything but 0 for true") {
  const Values a{0, 0, 2, -1};
  const Values b{0, 3, 0, 0.5};
  CHECK(of_two(logical_and_op(), a, b) == Values{0, 0, 0, 1});
  CHECK(of_two(logical_or_op(), a, b) == Values{0, 1, 1, 1});
  CHECK(of_two(logical_xor_op(), a, b) == Values{0, 1, 1, 0});
  CHECK(elements(forward(logical_not_op(), {tensor({3}, {0.0, 2.0, -1.0})})) == Values{1, 0, 0});
  CHECK(elements(forward(is_nan_op(), {tensor({3}, {0.0, not_a_number, 1.0})})) == Values{0, 1, 0});
}

TEST_CASE("where takes the first or the second by its condition, and so goes the adjoint") {
  const auto condition = tensor({3}, {1.0, 0.0, -2.0});
  const auto row = tensor({2, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  const auto column = tensor({2, 1}, {10.0, 20.0});
  CHECK(elements(forward(where_op(), {condition, row, column})) == Values{1, 10, 3, 4, 20, 6});
  CHECK(elements(backward(where_op(), {condition, row, column}, row, 1)) == Values{1, 0, 3, 4, 0, 6});
  CHECK(elements(backward(where_op(), {condition, row, column}, row, 2)) == Values{2, 5});
  CHECK(elements(backward(where_op(), {condition, row, column}, row, 0)) == Values{0, 0, 0});
  CHECK(std::isnan(*forward(where_op(), {tensor({1}, {not_a_number}), tensor({1}, {1.0}), tensor({1}, {2.0})}).data()));
  CHECK(call("where", {vertex({batch, 3}), number(0), vertex({batch, 3})})->shape == Shape{batch, 3});
}

TEST_CASE("triangle keeps what is above or below a diagonal") {
  const auto kept = [](bool upper, std::int64_t diagonal) {
    const ExpressionPtr y = triangle(vertex({2, 3}).value, upper, diagonal);
    const auto x = tensor({2, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
    return elements(forward(y->op, {y->arguments[0]->constant, x, y->arguments[2]->constant}));
  };
  CHECK(kept(true, 0) == Values{1, 2, 3, 0, 5, 6});
  CHECK(kept(true, 1) == Values{0, 2, 3, 0, 0, 6});
  CHECK(kept(false, 0) == Values{1, 0, 0, 4, 5, 0});
  CHECK(kept(false, -1) == Values{0, 0, 0, 4, 0, 0});
  CHECK(kept(false, 9) == Values{1, 2, 3, 4, 5, 6});
  CHECK(complaint([] {
          call("triangle", {vertex({batch, 3})});
        }) == "triangle needs a sample of at least two axes, not [batch, 3]");
}

TEST_CASE("one_hot puts a class on along a new axis, and no class where there is none of that number") {
  CHECK(elements(forward(one_hot_op(3), {tensor({2}, {2.0, -3.0})})) == Values{0, 0, 1, 1, 0, 0});
  CHECK(elements(forward(one_hot_op(2, -2, -1, 5), {tensor({3}, {0.0, 1.0, 0.0})})) == Values{5, -1, 5, -1, 5, -1});
  CHECK(elements(forward(one_hot_op(2), {tensor({3}, {2.0, -3.0, 0.5})})) == Values{0, 0, 0, 0, 0, 0});
  CHECK(std::isnan(forward(one_hot_op(2), {tensor({1}, {not_a_number})}).data()[1]));
  CHECK(call("one_hot", {vertex({batch, 4}), number(10)})->shape == Shape{batch, 4, 10});
  CHECK(call("one_hot", {vertex({batch, 4}), number(10)}, {{"axis", number(0)}})->shape == Shape{batch, 10, 4});
  CHECK(complaint([] {
          call("one_hot", {vertex({batch, 4}), number(10)}, {{"axis", number(2)}});
        }) == "axis 2 is not one of the 2 axes that a sample of the result will have");
  CHECK(complaint([] { one_hot_op(0); }) == "one_hot needs a depth of at least 1, not 0");
}

TEST_CASE("argmax and argmin give the position of the first extreme element, or of the last") {
  const auto x = tensor({2, 3}, {5.0, 1.0, 5.0, 2.0, 2.0, 2.0});
  CHECK(elements(forward(argmax_op(), {x})) == Values{0, 0});
  CHECK(elements(forward(argmax_op(-1, false, true), {x})) == Values{2, 2});
  CHECK(elements(forward(argmin_op(), {x})) == Values{1, 0});
  CHECK(elements(forward(argmax_op(-2), {x})) == Values{0, 1, 0});
  CHECK(std::isnan(*forward(argmax_op(), {tensor({2}, {1.0, not_a_number})}).data()));
  CHECK(inferred(argmax_op(-1, true), {{batch, 3}}) == Shape{batch, 1});
  CHECK(call("argmin", {vertex({batch, 4, 2})}, {{"axis", number(0)}})->shape == Shape{batch, 2});
}
