#include "graph/ops/arithmetic.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>
#include <limits>

#include "graph/ops/power.hpp"
#include "graph/ops/prelu.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

const double not_a_number = std::numeric_limits<double>::quiet_NaN();

// Where an element of the output comes from in an operand, by numpy's rule.
std::int64_t source(const Shape& output, const Shape& operand, std::int64_t index) {
  std::int64_t result = 0;
  std::int64_t unit = 1;
  for (std::size_t i = 0; i < output.rank(); ++i) {  // i counts axes from the right
    const std::int64_t extent = output[output.rank() - 1 - i];
    const std::int64_t own = i < operand.rank() ? operand[operand.rank() - 1 - i] : 1;
    if (own != 1) result += index % extent * unit;
    unit *= own;
    index /= extent;
  }
  return result;
}

Tensor<double> counting(const Shape& shape, double first) {
  Tensor<double> values(shape);
  for (std::int64_t i = 0; i < values.size(); ++i) values.data()[i] = first + static_cast<double>(i);
  return values;
}

// A shape, and the same with some axes 1 and some leading ones away.
Shape any_shape() {
  const auto extents = *rc::gen::container<std::vector<std::int64_t>>(rc::gen::inRange<std::int64_t>(1, 5));
  const std::span<const std::int64_t> all(extents);
  return Shape(all.subspan(0, std::min<std::size_t>(all.size(), 5)));
}
Shape any_part(const Shape& whole) {
  std::vector<std::int64_t> extents;
  const auto skipped = *rc::gen::inRange<std::size_t>(0, whole.rank() + 1);
  for (std::size_t axis = skipped; axis < whole.rank(); ++axis)
    extents.push_back(*rc::gen::arbitrary<bool>() ? 1 : whole[axis]);
  return Shape(std::span<const std::int64_t>(extents));
}

}  // namespace

TEST_CASE("the four operations and min and max work element by element") {
  const auto a = tensor({3}, {6.0, -1.0, 2.0});
  const auto b = tensor({3}, {3.0, 4.0, 2.0});
  CHECK(elements(forward(add_op(), {a, b})) == std::vector<double>{9, 3, 4});
  CHECK(elements(forward(sub_op(), {a, b})) == std::vector<double>{3, -5, 0});
  CHECK(elements(forward(mul_op(), {a, b})) == std::vector<double>{18, -4, 4});
  CHECK(elements(forward(div_op(), {a, b})) == std::vector<double>{2, -0.25, 1});
  CHECK(elements(forward(min_op(), {a, b})) == std::vector<double>{3, -1, 2});
  CHECK(elements(forward(max_op(), {a, b})) == std::vector<double>{6, 4, 2});
}

TEST_CASE("a row, a column and a scalar are repeated, and their adjoints are summed") {
  const auto a = tensor({2, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  const auto row = tensor({3}, {10.0, 20.0, 30.0});
  const auto column = tensor({2, 1}, {10.0, 20.0});
  const auto scalar = tensor({}, {10.0});
  CHECK(elements(forward(add_op(), {a, row})) == std::vector<double>{11, 22, 33, 14, 25, 36});
  CHECK(elements(forward(add_op(), {column, a})) == std::vector<double>{11, 12, 13, 24, 25, 26});
  CHECK(elements(forward(mul_op(), {scalar, a})) == std::vector<double>{10, 20, 30, 40, 50, 60});
  const auto g = tensor({2, 3}, {1.0, 1.0, 1.0, 2.0, 2.0, 2.0});
  CHECK(elements(backward(mul_op(), {a, row}, g, 1)) == std::vector<double>{9, 12, 15});
  CHECK(elements(backward(mul_op(), {column, a}, g, 0)) == std::vector<double>{6, 30});
  CHECK(elements(backward(mul_op(), {scalar, a}, g, 0)) == std::vector<double>{36});
  const auto before = tensor({3}, {100.0, 200.0, 300.0});
  CHECK(elements(backward(mul_op(), {a, row}, g, 1, &before)) == std::vector<double>{109, 212, 315});
}

TEST_CASE("any two shapes that broadcast give numpy's elements, and adjoints that are the sums over them") {
  CHECK(rc::check([] {
    const Shape whole = any_shape();
    const auto a = counting(any_part(whole), 1);
    const auto b = counting(any_part(whole), 1000);
    const auto y = forward(sub_op(), {a, b});
    const auto g = counting(y.shape(), 1);
    Tensor<double> left(a.shape());
    Tensor<double> right(b.shape());
    for (std::int64_t i = 0; i < y.size(); ++i) {
      const std::int64_t from_a = source(y.shape(), a.shape(), i);
      const std::int64_t from_b = source(y.shape(), b.shape(), i);
      RC_ASSERT(y.data()[i] == a.data()[from_a] - b.data()[from_b]);
      left.data()[from_a] += g.data()[i];
      right.data()[from_b] -= g.data()[i];
    }
    // Whole numbers: their sums are exact in any order.
    RC_ASSERT(elements(backward(sub_op(), {a, b}, g, 0)) == elements(left));
    RC_ASSERT(elements(backward(sub_op(), {a, b}, g, 1)) == elements(right));
  }));
}

TEST_CASE("the first of two equal operands of min and max takes the adjoint, else the one that was chosen") {
  const auto a = tensor({3}, {1.0, 2.0, 3.0});
  const auto b = tensor({3}, {2.0, 2.0, 2.0});
  const auto g = tensor({3}, {5.0, 6.0, 7.0});
  CHECK(elements(backward(min_op(), {a, b}, g, 0)) == std::vector<double>{5, 6, 0});
  CHECK(elements(backward(min_op(), {a, b}, g, 1)) == std::vector<double>{0, 0, 7});
  CHECK(elements(backward(max_op(), {a, b}, g, 0)) == std::vector<double>{0, 6, 7});
  CHECK(elements(backward(max_op(), {a, b}, g, 1)) == std::vector<double>{5, 0, 0});
}

TEST_CASE("min and max let a NaN through from either side") {
  for (const OpPtr& op : {min_op(), max_op()}) {
    const auto y = forward(op, {tensor({2}, {not_a_number, 1.0}), tensor({2}, {1.0, not_a_number})});
    CHECK(std::isnan(y.data()[0]));
    CHECK(std::isnan(y.data()[1]));
  }
}

TEST_CASE("shapes that do not broadcast are named") {
  const auto message = [](const Shape& a, const Shape& b) { return complaint([&] { inferred(add_op(), {a, b}); }); };
  CHECK(message({3}, {4}) == "shapes [3] and [4] do not broadcast together");
  CHECK(message({Shape::kBatch, 3}, {2, 3}) == "shapes [batch, 3] and [2, 3] do not broadcast together");
  CHECK(message({Shape::kBatch}, {3, 1}) == "shapes [batch] and [3, 1] do not broadcast together");
  CHECK(message({Shape::kBatch, 3}, {1, 1}).empty());
  CHECK(inferred(add_op(), {{Shape::kBatch, 3}, {3}}) == Shape{Shape::kBatch, 3});
}

TEST_CASE("a constant exponent is exact") {
  const auto x = tensor({3}, {-3.0, 0.1, 4.0});
  const auto powers = [&](double exponent) { return elements(forward(power_op(exponent), {x})); };
  CHECK(powers(2) == std::vector<double>{9, 0.1 * 0.1, 16});
  CHECK(powers(3) == std::vector<double>{-27, 0.1 * 0.1 * 0.1, 64});
  CHECK(powers(0) == std::vector<double>{1, 1, 1});
  CHECK(powers(1) == elements(x));
  CHECK(powers(-1) == std::vector<double>{1 / -3.0, 1 / 0.1, 0.25});
  CHECK(powers(5)[0] == -243);
  CHECK(powers(0.5)[2] == 2);
  CHECK(std::isnan(powers(0.5)[0]));
}

TEST_CASE("the derivative of a power at 0 is its limit, not 0 times infinity") {
  const auto zero = tensor({1}, {0.0});
  const auto one = tensor({1}, {1.0});
  CHECK(*backward(power_op(2), {zero}, one, 0).data() == 0);
  CHECK(*backward(power_op(1), {zero}, one, 0).data() == 1);
  CHECK(*backward(power_op(0), {zero}, one, 0).data() == 0);
  CHECK(*backward(pow_op(), {zero, one}, one, 0).data() == 1);
  CHECK(*backward(pow_op(), {zero, one}, one, 1).data() == 0);
  CHECK(*backward(pow_op(), {zero, zero}, one, 0).data() == 0);
}

TEST_CASE("a power with a number for exponent takes one input, with an expression two") {
  const ExpressionPtr x = constant(tensor({2}, {1.0, 2.0}));
  CHECK(power(x, constant(2))->op->name() == "power");
  CHECK(power(x, x)->op->name() == "pow");
  CHECK(elements(forward(pow_op(), {tensor({2}, {2.0, 9.0}), tensor({2}, {10.0, 0.5})})) ==
        std::vector<double>{1024, 3});
}

TEST_CASE("mod has the divisor's sign and fmod the dividend's, as Python and C have them") {
  const auto a = tensor({6}, {7.0, -7.0, 7.0, -7.0, 6.0, -0.5});
  const auto b = tensor({6}, {3.0, 3.0, -3.0, -3.0, 3.0, 2.0});
  CHECK(elements(forward(mod_op(), {a, b})) == std::vector<double>{1, 2, -2, -1, 0, 1.5});
  CHECK(elements(forward(fmod_op(), {a, b})) == std::vector<double>{1, -1, 1, -1, 0, -0.5});
}

TEST_CASE("prelu has the slope that it is given below 0") {
  const auto x = tensor({2, 2}, {-1.0, 2.0, -3.0, 0.0});
  const auto slope = tensor({2}, {0.5, 4.0});
  CHECK(elements(forward(prelu_op(), {x, slope})) == std::vector<double>{-0.5, 2, -1.5, 0});
  const auto ones = tensor({2, 2}, {1.0, 1.0, 1.0, 1.0});
  CHECK(elements(backward(prelu_op(), {x, slope}, ones, 0)) == std::vector<double>{0.5, 1, 0.5, 4});
  CHECK(elements(backward(prelu_op(), {x, slope}, ones, 1)) == std::vector<double>{-4, 0});
}
