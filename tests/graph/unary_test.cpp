#include "graph/ops/unary.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/unary_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

const Function functions[] = {
    {"identity", identity_op(), [](long double x) { return x; }, -3, 3},
    {"neg", neg_op(), [](long double x) { return -x; }, -3, 3},
    {"tanh", tanh_op(), [](long double x) { return std::tanh(x); }, -12, 12},
    {"relu", relu_op(), [](long double x) { return x > 0 ? x : 0; }, -3, 3},
    {"sigmoid", sigmoid_op(), [](long double x) { return 1 / (1 + std::exp(-x)); }, -80, 80},
    {"softplus", softplus_op(), [](long double x) { return std::log1p(std::exp(x)); }, -80, 80},
    {"exp", exp_op(), [](long double x) { return std::exp(x); }, -80, 80},
    {"log", log_op(), [](long double x) { return std::log(x); }, 1e-6L, 100},
    {"sqrt", sqrt_op(), [](long double x) { return std::sqrt(x); }, 0, 100},
    {"sin", sin_op(), [](long double x) { return std::sin(x); }, -10, 10},
    {"cos", cos_op(), [](long double x) { return std::cos(x); }, -10, 10},
    {"tan", tan_op(), [](long double x) { return std::tan(x); }, -1.5L, 1.5L},
    {"abs", abs_op(), [](long double x) { return std::abs(x); }, -3, 3},
    {"square", square_op(), [](long double x) { return x * x; }, -3, 3},
};

}  // namespace

TEST_CASE("functions of one tensor agree with the standard library's to a few units in the last place") {
  for (const Function& function : functions) {
    CAPTURE(function.name);
    CHECK(function.op->name() == function.name);
    CHECK(worst_epsilons<double>(function) < 4);
    CHECK(worst_epsilons<float>(function) < 4);
  }
}

TEST_CASE("derivatives on both sides of a kink are those sides', and 0 on it") {
  CHECK(slope(relu_op(), 1e-3) == 1);
  CHECK(slope(relu_op(), -1e-3) == 0);
  CHECK(slope(relu_op(), 0) == 0);
  CHECK(slope(relu_op(), -0.0) == 0);
  CHECK(slope(abs_op(), 1e-3) == 1);
  CHECK(slope(abs_op(), -1e-3) == -1);
  CHECK(slope(abs_op(), 0) == 0);
}

TEST_CASE("derivatives are the closed forms") {
  const double x = 0.7;
  CHECK(slope(tanh_op(), x) == doctest::Approx(1 / (std::cosh(x) * std::cosh(x))).epsilon(1e-14));
  CHECK(slope(sigmoid_op(), x) == doctest::Approx(0.25 / std::pow(std::cosh(x / 2), 2)).epsilon(1e-14));
  CHECK(slope(softplus_op(), x) == doctest::Approx(1 / (1 + std::exp(-x))).epsilon(1e-14));
  CHECK(slope(exp_op(), x) == doctest::Approx(std::exp(x)).epsilon(1e-14));
  CHECK(slope(log_op(), x) == doctest::Approx(1 / x).epsilon(1e-14));
  CHECK(slope(sqrt_op(), x) == doctest::Approx(0.5 / std::sqrt(x)).epsilon(1e-14));
  CHECK(slope(sin_op(), x) == doctest::Approx(std::cos(x)).epsilon(1e-14));
  CHECK(slope(cos_op(), x) == doctest::Approx(-std::sin(x)).epsilon(1e-14));
  CHECK(slope(tan_op(), x) == doctest::Approx(1 / (std::cos(x) * std::cos(x))).epsilon(1e-14));
  CHECK(slope(square_op(), x) == doctest::Approx(1.4).epsilon(1e-14));
  CHECK(slope(neg_op(), x) == -1);
  CHECK(slope(identity_op(), x) == 1);
}

TEST_CASE("sigmoid, softplus and tanh overflow nowhere") {
  CHECK(value(sigmoid_op(), -1e4F) == 0);
  CHECK(value(sigmoid_op(), 1e4F) == 1);
  CHECK(value(softplus_op(), 1e4F) == 1e4F);
  CHECK(value(softplus_op(), -1e4F) == 0);
  CHECK(value(tanh_op(), 1e4F) == 1);
  CHECK(value(tanh_op(), -1e4F) == -1);
  CHECK(value(softplus_op(), 1e4) == 1e4);
  CHECK(slope(softplus_op(), -1e4) == 0);
  CHECK(slope(softplus_op(), 1e4) == 1);
}

TEST_CASE("a NaN stays a NaN, in the middle of a tensor and at its end") {
  for (const Function& function : functions) {
    CAPTURE(function.name);
    CHECK(keeps_nan(function.op));
  }
}

TEST_CASE("a function of one tensor keeps its shape, batch and all") {
  CHECK(inferred(tanh_op(), {{Shape::kBatch, 3}}) == Shape{Shape::kBatch, 3});
  CHECK(complaint([] { inferred(tanh_op(), {{3}, {3}}); }) == "tanh takes 1 inputs, not 2");
}

TEST_CASE("dropout is its input, as at test time") {
  const Argument x = vertex({Shape::kBatch, 3});
  CHECK(call("dropout", {x}, {{"ratio", number(0.3)}}) == x.value);
  CHECK(complaint([&] {
          call("dropout", {x}, {{"ratio", number(1)}});
        }) == "ratio of dropout must be at least 0 and below 1");
}
