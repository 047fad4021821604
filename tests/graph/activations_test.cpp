#include "graph/ops/activations.hpp"

#include <doctest/doctest.h>

#include "graph/language/language.hpp"
#include "graph/ops/shrink.hpp"
#include "tests/graph/call_harness.hpp"
#include "tests/graph/unary_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using Real = long double;

Real elu(Real x, Real alpha, Real width, Real gamma) { return gamma * (x > 0 ? x : alpha * std::expm1(x / width)); }
Real sigmoid(Real x) { return 1 / (1 + std::exp(-x)); }
Real hard_sigmoid(Real x, Real alpha, Real beta) { return std::max(0.0L, std::min(1.0L, alpha * x + beta)); }
Real gelu_by_tanh(Real x) {
  return x * (1 + std::tanh(std::sqrt(2 / std::acos(-1.0L)) * (x + 0.044715L * x * x * x))) / 2;
}

const Function functions[] = {
    {"leaky_relu", leaky_relu_op(0.25), [](Real x) { return x > 0 ? x : x / 4; }, -3, 3},
    {"thresholded_relu", thresholded_relu_op(0.75), [](Real x) { return x > 0.75L ? x : 0; }, -3, 3},
    {"elu", elu_op(0.5), [](Real x) { return elu(x, 0.5L, 1, 1); }, -80, 80},
    {"celu", celu_op(2), [](Real x) { return elu(x, 2, 2, 1); }, -80, 80},
    {"selu", selu_op(0.5, 3), [](Real x) { return elu(x, 0.5L, 1, 3); }, -80, 80},
    {"swish", swish_op(2), [](Real x) { return x * sigmoid(2 * x); }, -30, 30},
    {"softsign", softsign_op(), [](Real x) { return x / (1 + std::abs(x)); }, -30, 30},
    {"mish", mish_op(), [](Real x) { return x * std::tanh(std::log1p(std::exp(x))); }, -40, 40},
};

// Differences that cancel: their errors are a few units in the last place of their operands, not of the result.
const Function differences[] = {
    {"hard_sigmoid", hard_sigmoid_op(0.25, 0.75), [](Real x) { return hard_sigmoid(x, 0.25L, 0.75L); }, -5, 5},
    {"hard_swish", hard_swish_op(), [](Real x) { return x * hard_sigmoid(x, 1.0L / 6, 0.5L); }, -5, 5},
    {"gelu", gelu_op(), [](Real x) { return x * (1 + std::erf(x / std::sqrt(2.0L))) / 2; }, -12, 12},
    {"gelu_by_tanh", gelu_by_tanh_op(), [](Real x) { return gelu_by_tanh(x); }, -12, 12},
};

}  // namespace

TEST_CASE("activations agree with their definitions to a few units in the last place") {
  for (const Function& function : functions) {
    CAPTURE(function.name);
    CHECK(function.op->name() == function.name);
    CHECK(worst_epsilons<double>(function) < 5);
    CHECK(worst_epsilons<float>(function) < 5);
  }
  const auto operands = [](Real x, Real) { return std::max(1.0L, std::abs(x)); };
  for (const Function& function : differences) {
    CAPTURE(function.name);
    CHECK(function.op->name() == function.name);
    CHECK(worst_epsilons<double>(function, operands) < 3);
    CHECK(worst_epsilons<float>(function, operands) < 3);
  }
}

TEST_CASE("activations without attributes given have ONNX's, and selu the constants in full") {
  CHECK(value(leaky_relu_op(), -1.0) == -0.01);
  CHECK(value(thresholded_relu_op(), 1.0) == 0);
  CHECK(value(thresholded_relu_op(), 1.5) == 1.5);
  CHECK(value(elu_op(), -1.0) == doctest::Approx(std::exp(-1) - 1).epsilon(1e-15));
  CHECK(value(celu_op(), -1.0) == doctest::Approx(std::exp(-1) - 1).epsilon(1e-15));
  CHECK(value(selu_op(), 1.0) == 1.0507009873554805);
  CHECK(value(selu_op(), -1e4) == doctest::Approx(-1.7580993408473766).epsilon(1e-15));
  CHECK(value(hard_sigmoid_op(), 1.0) == doctest::Approx(0.7).epsilon(1e-15));
  CHECK(value(hard_swish_op(), 1.0) == doctest::Approx(2.0 / 3).epsilon(1e-15));
}

TEST_CASE("activations have the derivatives of both sides of a kink, and on it the documented one") {
  CHECK(slope(leaky_relu_op(), 1e-3) == 1);
  CHECK(slope(leaky_relu_op(), -1e-3) == 0.01);
  CHECK(slope(leaky_relu_op(), 0) == 0.01);
  CHECK(slope(thresholded_relu_op(), 1) == 0);
  CHECK(slope(thresholded_relu_op(), 1.001) == 1);
  CHECK(slope(elu_op(0.5), 1e-3) == 1);
  CHECK(slope(elu_op(0.5), 0) == 0.5);
  CHECK(slope(celu_op(2), 1e-3) == 1);
  CHECK(slope(celu_op(2), 0) == 1);
  CHECK(slope(hard_sigmoid_op(), -2.5) == 0);
  CHECK(slope(hard_sigmoid_op(), -2.49) == 0.2);
  CHECK(slope(hard_sigmoid_op(), 2.49) == 0.2);
  CHECK(slope(hard_sigmoid_op(), 2.5) == 0);
  CHECK(slope(hard_swish_op(), -3) == 0);
  CHECK(slope(hard_swish_op(), 0) == 0.5);
  CHECK(slope(hard_swish_op(), 3) == 1);
}

TEST_CASE("activations and their derivatives tend to 0 and to a line, and overflow for no finite input") {
  struct Limit {
    OpPtr op;
    double falling, left_slope, right_slope;
  };
  const Limit limits[] = {{elu_op(), -1, 0, 1},  {celu_op(2), -2, 0, 1},      {selu_op(2, 3), -6, 0, 3},
                          {swish_op(), 0, 0, 1}, {hard_swish_op(), 0, 0, 1},  {gelu_op(), 0, 0, 1},
                          {mish_op(), 0, 0, 1},  {gelu_by_tanh_op(), 0, 0, 1}};
  for (const Limit& limit : limits) {
    CAPTURE(limit.op->name());
    for (const double far : {60.0, 1e4, 1e30}) {
      CHECK(value(limit.op, -far) == doctest::Approx(limit.falling).epsilon(1e-12));
      CHECK(value(limit.op, far) == doctest::Approx(limit.right_slope * far).epsilon(1e-15));
      CHECK(value(limit.op, static_cast<float>(far)) ==
            static_cast<float>(limit.right_slope) * static_cast<float>(far));
      CHECK(slope(limit.op, -far) == doctest::Approx(limit.left_slope).epsilon(1e-12));
      CHECK(slope(limit.op, far) == doctest::Approx(limit.right_slope).epsilon(1e-15));
    }
  }
  CHECK(value(softsign_op(), 1e30) == 1);
}

TEST_CASE("a NaN passes through every activation") {
  for (const Function& function : functions) CHECK_MESSAGE(keeps_nan(function.op), function.name);
  for (const Function& function : differences) CHECK_MESSAGE(keeps_nan(function.op), function.name);
}

TEST_CASE("activations in the language take their attributes by name") {
  const Argument x = vertex({3});
  const auto at = [](const ExpressionPtr& y, double point) { return value(y->op, point); };
  CHECK(at(call("leaky_relu", {x}), -1) == -0.01);
  CHECK(at(call("leaky_relu", {x}, {{"alpha", number(0.3)}}), -1) == -0.3);
  CHECK(at(call("thresholded_relu", {x}, {{"alpha", number(-2)}}), -1) == -1);
  CHECK(at(call("hard_sigmoid", {x}, {{"beta", number(0.25)}}), 0) == 0.25);
  CHECK(at(call("hard_sigmoid", {x}, {{"alpha", number(0.5)}}), -1) == 0);
  CHECK(at(call("elu", {x}, {{"alpha", number(3)}}), -100) == -3);
  CHECK(at(call("celu", {x}, {{"alpha", number(3)}}), -1000) == -3);
  CHECK(call("swish", {x}, {{"alpha", number(2)}})->op->name() == "swish");
  CHECK(call("silu", {x})->op->name() == "swish");
  CHECK(find_function("hard_sigmoid")->signature == "hard_sigmoid(x, alpha=0.2, beta=0.5)");
  CHECK(complaint([&] { call("elu", {x}, {{"alpha", word("big")}}); }) == "alpha must be a number, not 'big'");
  CHECK(complaint([&] { call("celu", {x}, {{"alpha", number(0)}}); }) == "celu needs an alpha other than 0");
}

TEST_CASE("gelu in the language is exact, or by tanh where asked for") {
  const Argument x = vertex({3});
  CHECK(call("gelu", {x})->op->name() == "gelu");
  CHECK(call("gelu", {x}, {{"approximate", number(0)}})->op->name() == "gelu");
  CHECK(call("gelu", {x}, {{"approximate", word("tanh")}})->op->name() == "gelu_by_tanh");
  for (const Argument& other : {number(1), word("erf")})
    CHECK(complaint([&] { call("gelu", {x}, {{"approximate", other}}); }) == "approximate of gelu must be 0 or tanh");
}

TEST_CASE("a graph may use activations with attributes") {
  const GraphPtr graph = parse_graph(
      "x ~ input(3)\n"
      "h ~ normal(gelu(linear(x, 4), approximate=tanh))\n"
      "y ~ normal(leaky_relu(linear(h, 2), alpha=0.2))\n",
      "test.graph");
  CHECK((*graph)[*graph->find("y")].shape == Shape{Shape::kBatch, 2});
}

TEST_CASE("shrink takes small values to 0 and others nearer to it, and lets NaN through") {
  const auto x = tensor({5}, {-2.0, -0.5, 0.25, 0.5, 3.0});
  CHECK(elements(forward(shrink_op(), {x})) == std::vector<double>{-2, 0, 0, 0, 3});
  CHECK(elements(forward(shrink_op(0.5, 0.5), {x})) == std::vector<double>{-1.5, 0, 0, 0, 2.5});
  CHECK(keeps_nan(shrink_op(0.5, 0.5)));
}
