#include "graph/ops/elementary.hpp"

#include <doctest/doctest.h>

#include "tests/graph/call_harness.hpp"
#include "tests/graph/unary_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

const Function functions[] = {
    {"sinh", sinh_op(), [](long double x) { return std::sinh(x); }, -80, 80},
    {"cosh", cosh_op(), [](long double x) { return std::cosh(x); }, -80, 80},
    {"asin", asin_op(), [](long double x) { return std::asin(x); }, -1, 1},
    {"acos", acos_op(), [](long double x) { return std::acos(x); }, -1, 1},
    {"atan", atan_op(), [](long double x) { return std::atan(x); }, -30, 30},
    {"asinh", asinh_op(), [](long double x) { return std::asinh(x); }, -30, 30},
    {"acosh", acosh_op(), [](long double x) { return std::acosh(x); }, 1, 30},
    {"atanh", atanh_op(), [](long double x) { return std::atanh(x); }, -0.999L, 0.999L},
    {"sign", sign_op(), [](long double x) { return x > 0   ? 1.0L
                                                   : x < 0 ? -1.0L
                                                           : 0.0L; }, -3, 3},
    {"floor", floor_op(), [](long double x) { return std::floor(x); }, -3, 3},
    {"ceil", ceil_op(), [](long double x) { return std::ceil(x); }, -3, 3},
    {"round", round_op(), [](long double x) { return std::nearbyint(x); }, -3, 3},
    {"erf", erf_op(), [](long double x) { return std::erf(x); }, -6, 6},
    {"reciprocal", reciprocal_op(), [](long double x) { return 1 / x; }, 0.01L, 30},
    {"log1p", log1p_op(), [](long double x) { return std::log1p(x); }, -0.99L, 30},
    {"expm1", expm1_op(), [](long double x) { return std::expm1(x); }, -80, 80},
};

}  // namespace

TEST_CASE("elementary functions agree with the standard library's to a few units in the last place") {
  for (const Function& function : functions) {
    CAPTURE(function.name);
    CHECK(function.op->name() == function.name);
    CHECK(worst_epsilons<double>(function) < 4);
    CHECK(worst_epsilons<float>(function) < 4);
  }
}

TEST_CASE("log1p and expm1 are exact near 0, where 1 + x loses x") {
  for (const double x : {1e-12, -1e-12}) {
    CHECK(value(log1p_op(), x) == x - x * x / 2);
    CHECK(value(expm1_op(), x) == x + x * x / 2);
    CHECK(value(log1p_op(), static_cast<float>(x)) == static_cast<float>(x));
    CHECK(value(expm1_op(), static_cast<float>(x)) == static_cast<float>(x));
  }
}

TEST_CASE("round takes halves to the even neighbour, sign of 0 is 0, and steps have no slope") {
  const std::vector<double> halves{-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, 1e300, 0.49999999999999994};
  CHECK(elements(forward(round_op(), {tensor({8}, halves)})) == std::vector<double>{-2, -2, 0, 0, 2, 2, 1e300, 0});
  CHECK(value(sign_op(), 0.0) == 0);
  CHECK(value(sign_op(), -1e-300) == -1);
  for (const OpPtr& op : {sign_op(), floor_op(), ceil_op(), round_op()})
    for (const double x : {-1.0, 0.0, 0.3, 0.5}) CHECK(slope(op, x) == 0);
}

TEST_CASE("derivatives of the elementary functions are the closed forms") {
  const double x = 0.7;
  CHECK(slope(sinh_op(), x) == doctest::Approx(std::cosh(x)).epsilon(1e-14));
  CHECK(slope(cosh_op(), x) == doctest::Approx(std::sinh(x)).epsilon(1e-14));
  CHECK(slope(asin_op(), x) == doctest::Approx(1 / std::sqrt(1 - x * x)).epsilon(1e-14));
  CHECK(slope(acos_op(), x) == doctest::Approx(-1 / std::sqrt(1 - x * x)).epsilon(1e-14));
  CHECK(slope(atan_op(), x) == doctest::Approx(1 / (1 + x * x)).epsilon(1e-14));
  CHECK(slope(asinh_op(), x) == doctest::Approx(1 / std::sqrt(1 + x * x)).epsilon(1e-14));
  CHECK(slope(acosh_op(), 1.7) == doctest::Approx(1 / std::sqrt(1.7 * 1.7 - 1)).epsilon(1e-14));
  CHECK(slope(atanh_op(), x) == doctest::Approx(1 / (1 - x * x)).epsilon(1e-14));
  CHECK(slope(erf_op(), x) == doctest::Approx(2 / std::sqrt(std::acos(-1)) * std::exp(-x * x)).epsilon(1e-14));
  CHECK(slope(reciprocal_op(), x) == doctest::Approx(-1 / (x * x)).epsilon(1e-14));
  CHECK(slope(log1p_op(), x) == doctest::Approx(1 / (1 + x)).epsilon(1e-14));
  CHECK(slope(expm1_op(), x) == doctest::Approx(std::exp(x)).epsilon(1e-14));
}

TEST_CASE("outside its domain an elementary function is NaN, and a NaN stays one") {
  CHECK(std::isnan(value(asin_op(), 1.1)));
  CHECK(std::isnan(value(acos_op(), -1.1)));
  CHECK(std::isnan(value(acosh_op(), 0.9)));
  CHECK(std::isnan(value(atanh_op(), 1.1)));
  CHECK(std::isnan(value(log1p_op(), -1.1F)));
  for (const Function& function : functions) {
    CAPTURE(function.name);
    CHECK(keeps_nan(function.op));
  }
}

TEST_CASE("elementary functions are called by their names in the language") {
  for (const Function& function : functions) CHECK(call(function.name, {vertex({3})})->op->name() == function.name);
}
