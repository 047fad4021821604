#include "graph/ops/linear.hpp"

#include <doctest/doctest.h>

#include "graph/random.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

template <class Scalar>
Tensor<Scalar> random(const std::string& name, const Shape& shape) {
  Tensor<Scalar> values(shape);
  RandomStream stream(1, name, "test");
  for (Scalar& x : values.flat()) x = static_cast<Scalar>(2 * stream.uniform() - 1);
  return values;
}

// The definitions, summed in double, one element at a time.
template <class Scalar>
struct Definition {
  std::int64_t rows, in, out;
  Tensor<Scalar> x = random<Scalar>("x", {rows, in});
  Tensor<Scalar> weight = random<Scalar>("weight", {out, in});
  Tensor<Scalar> bias = random<Scalar>("bias", {out});
  Tensor<Scalar> g = random<Scalar>("g", {rows, out});

  static double at(const Tensor<Scalar>& t, std::int64_t r, std::int64_t c) {
    return static_cast<double>(t.data()[r * t.shape()[1] + c]);
  }
  double y(std::int64_t r, std::int64_t o) const {
    double total = static_cast<double>(bias.data()[o]);
    for (std::int64_t i = 0; i < in; ++i) total += at(x, r, i) * at(weight, o, i);
    return total;
  }
  double input_adjoint(std::int64_t r, std::int64_t i) const {
    double total = 0;
    for (std::int64_t o = 0; o < out; ++o) total += at(g, r, o) * at(weight, o, i);
    return total;
  }
  double weight_adjoint(std::int64_t o, std::int64_t i) const {
    double total = 0;
    for (std::int64_t r = 0; r < rows; ++r) total += at(g, r, o) * at(x, r, i);
    return total;
  }
  double bias_adjoint(std::int64_t o) const {
    double total = 0;
    for (std::int64_t r = 0; r < rows; ++r) total += at(g, r, o);
    return total;
  }
};

template <class Scalar, class Expected>
double worst(const Tensor<Scalar>& tested, Expected&& expected) {
  const std::int64_t columns = tested.shape()[tested.shape().rank() - 1];
  double distance = 0;
  for (std::int64_t i = 0; i < tested.size(); ++i)
    distance = std::max(distance, std::abs(static_cast<double>(tested.data()[i]) - expected(i / columns, i % columns)));
  return distance;
}

template <class Scalar>
void check_against_definition(std::int64_t rows, std::int64_t in, std::int64_t out, double tolerance) {
  CAPTURE(rows);
  CAPTURE(in);
  CAPTURE(out);
  const Definition<Scalar> d{rows, in, out};
  const OpPtr op = linear_op(true);
  const std::vector<Tensor<Scalar>> inputs{d.x, d.weight, d.bias};
  CHECK(worst(forward(op, inputs), [&](auto r, auto o) { return d.y(r, o); }) < tolerance);
  CHECK(worst(backward(op, inputs, d.g, 0), [&](auto r, auto i) { return d.input_adjoint(r, i); }) < tolerance);
  CHECK(worst(backward(op, inputs, d.g, 1), [&](auto o, auto i) { return d.weight_adjoint(o, i); }) < tolerance);
  CHECK(worst(backward(op, inputs, d.g, 2), [&](auto, auto o) { return d.bias_adjoint(o); }) < tolerance);
  const Tensor<Scalar> moved = backward(op, inputs, d.g, 1, &d.weight);
  CHECK(worst(moved, [&](auto o, auto i) { return d.at(d.weight, o, i) + d.weight_adjoint(o, i); }) < tolerance);
}

}  // namespace

TEST_CASE("linear maps a sample with its weight's rows and adds the bias") {
  const auto x = tensor({2, 3}, {1.0, 2.0, 3.0, -1.0, 0.0, 1.0});
  const auto weight = tensor({2, 3}, {1.0, 0.0, -1.0, 2.0, 1.0, 0.5});
  const auto bias = tensor({2}, {10.0, 20.0});
  CHECK(elements(forward(linear_op(true), {x, weight, bias})) == std::vector<double>{8, 25.5, 8, 18.5});
  CHECK(elements(forward(linear_op(false), {x, weight})) == std::vector<double>{-2, 5.5, -2, -1.5});
}

TEST_CASE("linear and its adjoints are their definitions for every number of rows that takes another kernel") {
  for (const std::int64_t rows : {1, 2, 3, 4, 5, 6, 7, 33}) {
    check_against_definition<double>(rows, 37, 19, 1e-13);
    check_against_definition<float>(rows, 37, 19, 1e-4);
    check_against_definition<double>(rows, 1, 1, 1e-13);
  }
}

TEST_CASE("linear and its adjoints are their definitions for every tile of rows and columns") {
  for (const std::int64_t rows : {8, 15, 16, 17, 31, 32, 65, 100})
    check_against_definition<double>(rows, 21, 10, 1e-13);
  for (const std::int64_t out : {15, 16, 33, 64, 65}) check_against_definition<float>(20, 130, out, 2e-4);
  check_against_definition<double>(9, 1200, 13, 1e-12);  // more than a block deep, rows far apart
  check_against_definition<double>(9, 13, 1200, 1e-12);
}

TEST_CASE("linear reads the last axis and takes every other one for rows") {
  const OpPtr op = linear_op(true);
  CHECK(inferred(op, {{Shape::kBatch, 28, 28}, {5, 28}, {5}}) == Shape{Shape::kBatch, 28, 5});
  CHECK(inferred(op, {{4}, {5, 4}, {5}}) == Shape{5});
  const auto weight = tensor({1, 2}, {1.0, 10.0});
  const auto y = forward(linear_op(false), {tensor({2, 1, 2}, {1.0, 2.0, 3.0, 4.0}), weight});
  CHECK(y.shape() == Shape{2, 1, 1});
  CHECK(elements(y) == std::vector<double>{21, 43});
}

TEST_CASE("linear of an empty batch is empty and its parameters' adjoints are zero") {
  const auto weight = tensor({2, 3}, {1.0, 2.0, 3.0, 4.0, 5.0, 6.0});
  const std::vector<Tensor<double>> inputs{Tensor<double>({0, 3}), weight, Tensor<double>({2})};
  const Tensor<double> root({0, 2});
  CHECK(forward(linear_op(true), inputs).size() == 0);
  CHECK(backward(linear_op(true), inputs, root, 0).size() == 0);
  CHECK(elements(backward(linear_op(true), inputs, root, 1)) == std::vector<double>(6, 0.0));
  CHECK(elements(backward(linear_op(true), inputs, root, 2)) == std::vector<double>(2, 0.0));
}

TEST_CASE("linear says which shape does not fit") {
  const OpPtr op = linear_op(true);
  const auto message = [&](const std::vector<Shape>& shapes) { return complaint([&] { inferred(op, shapes); }); };
  CHECK(message({{Shape::kBatch}, {5, 1}, {5}}) ==
        "linear needs an input with an axis besides the batch, not [batch]; give it one with reshape(x, 1)");
  CHECK(message({{Shape::kBatch, 28, 28}, {300, 784}, {300}}) ==
        "linear's weight [300, 784] takes 784 elements, but the last axis of its input [batch, 28, 28] has 28");
  CHECK(message({{Shape::kBatch, 4}, {5}, {5}}) == "linear needs a weight [out, in], not [5]");
  CHECK(message({{Shape::kBatch, 4}, {5, 4}, {1}}) == "linear's bias must be [5] like its weight's rows, not [1]");
  CHECK(message({{Shape::kBatch, 4}, {5, 4}}) == "linear takes 3 inputs, not 2");
}

TEST_CASE("linear's cost is two operations per weight and sample, and one per bias") {
  const std::vector<Shape> shapes{{64, 784}, {300, 784}, {300}};
  CHECK(linear_op(true)->cost(shapes, {64, 300}) == 64.0 * 300 * (2 * 784 + 1));
}

TEST_CASE("linear in the language makes a weight and a bias that the vertex owns, initialised by fan-in") {
  const ExpressionPtr y = call("linear", {vertex({Shape::kBatch, 784}), number(300)});
  CHECK(y->shape == Shape{Shape::kBatch, 300});
  REQUIRE(y->arguments.size() == 3);
  CHECK(y->arguments[1]->parameter.name == "v.weight");
  CHECK(y->arguments[1]->shape == Shape{300, 784});
  CHECK(y->arguments[2]->parameter.name == "v.bias");
  CHECK(y->arguments[2]->shape == Shape{300});
  for (const std::size_t k : {1U, 2U})
    CHECK(y->arguments[k]->parameter.init == Initializer{Initializer::Kind::fan_in, 784});
}

TEST_CASE("linear in the language leaves the bias away and shares parameters when asked to") {
  CHECK(call("linear", {vertex({4}), number(2)}, {{"bias", number(0)}})->arguments.size() == 2);
  const ExpressionPtr y = call("linear", {vertex({4}), number(2)}, {{"share", word("W")}});
  CHECK(y->arguments[1]->parameter.name == "shared W.weight");
  CHECK(y->arguments[2]->parameter.name == "shared W.bias");
}

TEST_CASE("linear in the language says what is wrong with an argument") {
  const auto message = [](std::vector<Argument> arguments, std::map<std::string, Argument> named = {}) {
    return complaint([&] { call("linear", std::move(arguments), std::move(named)); });
  };
  CHECK(message({vertex({4}), number(2.5)}) == "units of linear must be a whole number, not 2.5");
  CHECK(message({vertex({4}), number(0)}) == "linear needs at least 1 unit, not 0");
  CHECK(message({vertex({4}), word("many")}) == "units of linear must be a whole number, not 'many'");
  CHECK(message({word("z"), number(2)}) ==
        "the input of linear must be a vertex, a number or an expression of them; there is no vertex 'z'");
  CHECK(message({vertex({4}), number(2)}, {{"bias", number(2)}}) == "bias must be 0 or 1, not 2");
  CHECK(message({vertex({4}), number(2)}, {{"share", number(2)}}) == "share of linear must be a name, as in share=W");
}

TEST_CASE("linear in code names its parameters after the vertex") {
  const ExpressionPtr y = linear(vertex({Shape::kBatch, 4}).value, 2, "h1");
  CHECK(y->arguments[1]->parameter.name == "h1.weight");
  CHECK(y->arguments[2]->parameter.name == "h1.bias");
  CHECK(linear(vertex({4}).value, 2, "h1", false)->arguments.size() == 2);
}
