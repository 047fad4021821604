#include "graph/energy.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "graph/builder.hpp"
#include "graph/error.hpp"
#include "graph/gradient_check.hpp"
#include "graph/random.hpp"
#include "tests/graph/op_harness.hpp"

using namespace settle;
using namespace settle::test;

namespace {

template <class Scalar>
Tensor<Scalar> prediction(const Energy& energy, const Tensor<Scalar>& location) {
  Tensor<Scalar> result(location.shape());
  energy.predict(location.view(), result.view());
  return result;
}

template <class Scalar>
Tensor<Scalar> weighted_error(const Energy& energy, const Tensor<Scalar>& value, const Tensor<Scalar>& predicted,
                              double precision) {
  Tensor<Scalar> result(value.shape());
  energy.weighted_error(value.view(), predicted.view(), {.uniform = precision}, result.view());
  return result;
}

template <class Scalar>
Tensor<Scalar> normal(const std::string& name, const Shape& shape) {
  Tensor<Scalar> values(shape);
  RandomStream stream(1, name, "test");
  for (Scalar& x : values.flat()) x = static_cast<Scalar>(stream.normal());
  return values;
}

}  // namespace

TEST_CASE("gaussian: half the squared error times the precision, and the error times the precision") {
  const Energy& energy = *gaussian();
  const auto v = tensor({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto z = tensor({2, 2}, {0.0, 2.0, 5.0, 1.0});
  CHECK(energy.energy(v.view(), z.view(), {}) == 7);
  CHECK(energy.energy(v.view(), z.view(), {.uniform = 4}) == 28);
  CHECK(elements(prediction(energy, z)) == elements(z));
  CHECK(elements(weighted_error(energy, v, z, 1)) == std::vector<double>{1, 0, -2, 3});
  CHECK(elements(weighted_error(energy, v, z, 4)) == std::vector<double>{4, 0, -8, 12});
  CHECK(energy.relaxable());
  CHECK(energy.prediction_is_location());
}

TEST_CASE("gaussian: a long sum of floats keeps its digits") {
  const auto v = normal<float>("v", {100003});
  const auto z = normal<float>("z", {100003});
  double expected = 0;
  for (std::int64_t i = 0; i < v.size(); ++i)
    expected += 0.5 * std::pow(static_cast<double>(v.data()[i]) - static_cast<double>(z.data()[i]), 2);
  CHECK(gaussian()->energy(v.view(), z.view(), {}) == doctest::Approx(expected).epsilon(1e-7));
}

TEST_CASE("the errors of every energy are minus its derivatives to location and precision") {
  for (const EnergyFamily& family : energy_families()) {
    CHECK_FALSE(family.cases.empty());
    for (const EnergyCase& energy_case : family.cases) {
      const GradientError error = check_energy(*family.energy, energy_case);
      CAPTURE(error.where);
      CHECK(error.worst < 1e-8);
    }
  }
}

TEST_CASE("every energy in float agrees with double") {
  for (const EnergyFamily& family : energy_families())
    for (const EnergyCase& energy_case : family.cases) {
      const GradientError error = check_energy_float(*family.energy, energy_case);
      CAPTURE(error.where);
      CHECK(error.worst < 1e-5);
    }
}

TEST_CASE("gaussian: precisions by element in closed form, with the logarithm where they are inferred") {
  const Energy& energy = *gaussian();
  const auto v = tensor({2, 2}, {1.0, 2.0, 3.0, 4.0});
  const auto z = tensor({2, 2}, {0.0, 2.0, 5.0, 1.0});
  const auto p = tensor({2, 2}, {4.0, 3.0, 0.5, 2.0});
  const Precision<double> fixed{.each = p.view()}, inferred{.each = p.view(), .inferred = true};
  const double squares = 0.5 * (4 * 1 + 0.5 * 4 + 2 * 9);
  CHECK(energy.energy(v.view(), z.view(), fixed) == squares);
  CHECK(energy.energy(v.view(), z.view(), inferred) == doctest::Approx(squares - 0.5 * std::log(12.0)).epsilon(1e-15));
  Tensor<double> xi(v.shape()), zeta(v.shape());
  energy.weighted_error(v.view(), z.view(), inferred, xi.view());
  CHECK(elements(xi) == std::vector<double>{4, 0, -1, 6});
  energy.volatility_error(std::as_const(xi).view(), inferred, zeta.view());
  CHECK(elements(zeta) == std::vector<double>{0.5 * (0.25 - 1), 0.5 / 3, 0.5 * (2 - 4), 0.5 * (0.5 - 9)});
  // A vertex without an error still wants to be more certain.
  energy.volatility_error(ConstView<double>(), inferred, zeta.view());
  CHECK(elements(zeta) == std::vector<double>{0.125, 0.5 / 3, 1, 0.25});
  CHECK(energy.energy_of_error(ConstView<double>(), inferred) == doctest::Approx(-0.5 * std::log(12.0)).epsilon(1e-15));
  CHECK(energy.energy_of_error(ConstView<double>(), fixed) == 0);
}

TEST_CASE("categorical: softmax, cross entropy and their difference in closed form") {
  const Energy& energy = *categorical();
  const auto z = tensor({2, 3}, {0.0, std::log(2.0), 0.0, 1.0, 1.0, 1.0});
  const auto v = tensor({2, 3}, {0.0, 1.0, 0.0, 0.5, 0.25, 0.25});
  const auto p = prediction(energy, z);
  const double expected[] = {0.25, 0.5, 0.25, 1.0 / 3, 1.0 / 3, 1.0 / 3};
  for (int i = 0; i < 6; ++i) CHECK(p.data()[i] == doctest::Approx(expected[i]).epsilon(1e-15));
  CHECK(energy.energy(v.view(), z.view(), {}) == doctest::Approx(std::log(2.0) + std::log(3.0)).epsilon(1e-15));
  const auto xi = weighted_error(energy, v, p, 1);
  for (int i = 0; i < 6; ++i) CHECK(xi.data()[i] == v.data()[i] - p.data()[i]);
  CHECK_FALSE(energy.relaxable());
  CHECK_FALSE(energy.prediction_is_location());
}

TEST_CASE("categorical: the precision plays no part") {
  const auto z = normal<double>("z", {2, 4});
  const auto v = tensor({2, 4}, {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0});
  const auto p = prediction(*categorical(), z);
  CHECK(elements(weighted_error(*categorical(), v, p, 3)) == elements(weighted_error(*categorical(), v, p, 1)));
  CHECK(categorical()->energy(v.view(), z.view(), {.uniform = 3}) == categorical()->energy(v.view(), z.view(), {}));
}

TEST_CASE_TEMPLATE("categorical: large logits neither overflow nor lose the loss", Scalar, float, double) {
  const auto z = tensor<Scalar>({2, 3}, {1000, -1000, 0, -1000, -1000, -1000});
  const auto v = tensor<Scalar>({2, 3}, {0, 1, 0, 1, 0, 0});
  const auto p = prediction(*categorical(), z);
  CHECK(p.data()[0] == 1);
  CHECK(p.data()[1] == 0);
  CHECK(p.data()[3] == doctest::Approx(1.0 / 3));
  CHECK(categorical()->energy(v.view(), z.view(), {}) == doctest::Approx(2000 + std::log(3.0)).epsilon(1e-7));
}

TEST_CASE(
    "categorical: all mass on the class that is certain costs nothing, and no mass costs nothing at minus infinity") {
  const double infinity = std::numeric_limits<double>::infinity();
  const auto v = tensor({1, 3}, {1.0, 0.0, 0.0});
  CHECK(categorical()->energy(v.view(), tensor({1, 3}, {0.0, -infinity, -infinity}).view(), {}) == 0);
  CHECK(categorical()->energy(v.view(), tensor({1, 3}, {0.0, -infinity, 0.0}).view(), {}) ==
        doctest::Approx(std::log(2.0)).epsilon(1e-15));
  const auto p = prediction(*categorical(), tensor({1, 3}, {800.0, 0.0, 0.0}));
  CHECK(elements(weighted_error(*categorical(), v, p, 1)) == std::vector<double>{0, 0, 0});
}

TEST_CASE("categorical: float agrees with double over many rows") {
  const auto z = normal<float>("z", {64, 10});
  Tensor<double> wide(z.shape());
  std::ranges::copy(z.flat(), wide.data());
  const auto p = prediction(*categorical(), z);
  const auto exact = prediction(*categorical(), wide);
  double row = 0;
  for (std::int64_t i = 0; i < p.size(); ++i) {
    CHECK(static_cast<double>(p.data()[i]) == doctest::Approx(exact.data()[i]).epsilon(1e-6));
    row += exact.data()[i];
  }
  CHECK(row == doctest::Approx(64).epsilon(1e-14));
}

TEST_CASE("bernoulli: sigmoid, binary cross entropy and their difference in closed form") {
  const Energy& energy = *bernoulli();
  const auto z = tensor({2, 2}, {0.0, std::log(3.0), -std::log(3.0), std::log(3.0)});
  const auto v = tensor({2, 2}, {1.0, 1.0, 1.0, 0.25});
  const auto p = prediction(energy, z);
  const double expected[] = {0.5, 0.75, 0.25, 0.75};
  for (int i = 0; i < 4; ++i) CHECK(p.data()[i] == doctest::Approx(expected[i]).epsilon(1e-15));
  const double loss = -std::log(0.5) - std::log(0.75) - std::log(0.25) - 0.25 * std::log(0.75) - 0.75 * std::log(0.25);
  CHECK(energy.energy(v.view(), z.view(), {}) == doctest::Approx(loss).epsilon(1e-15));
  const auto xi = weighted_error(energy, v, p, 1);
  for (int i = 0; i < 4; ++i) CHECK(xi.data()[i] == v.data()[i] - p.data()[i]);
  CHECK_FALSE(energy.relaxable());
  CHECK_FALSE(energy.needs_class_axis());
}

TEST_CASE_TEMPLATE("bernoulli: large logits neither overflow nor lose the loss", Scalar, float, double) {
  const auto z = tensor<Scalar>({4}, {1000, -1000, 1000, -1000});
  const auto v = tensor<Scalar>({4}, {1, 0, 0, 1});
  CHECK(bernoulli()->energy(v.view(), z.view(), {}) == 2000);
  const auto p = prediction(*bernoulli(), z);
  CHECK(p.data()[0] == 1);
  CHECK(p.data()[1] < Scalar(1e-37));
  CHECK(p.data()[1] >= 0);
}

TEST_CASE("bernoulli: float agrees with double over many elements") {
  const auto z = normal<float>("z", {64, 100});
  Tensor<float> v(z.shape());
  RandomStream stream(1, "v", "test");
  for (float& x : v.flat()) x = stream.uniform() < 0.5 ? 0.0F : 1.0F;
  double exact = 0;
  for (std::size_t i = 0; i < z.flat().size(); ++i)
    exact += std::log1p(std::exp((1 - 2 * static_cast<double>(v.flat()[i])) * static_cast<double>(z.flat()[i])));
  CHECK(bernoulli()->energy(v.view(), z.view(), {}) == doctest::Approx(exact).epsilon(1e-6));
}

TEST_CASE("a NaN logit gives a NaN energy and a NaN prediction") {
  auto z = normal<float>("z", {1, 10});
  z.data()[3] = std::numeric_limits<float>::quiet_NaN();
  auto v = Tensor<float>({1, 10});
  v.data()[0] = 1;
  CHECK(std::isnan(categorical()->energy(v.view(), z.view(), {})));
  CHECK(std::isnan(bernoulli()->energy(v.view(), z.view(), {})));
  CHECK(std::isnan(gaussian()->energy(v.view(), z.view(), {})));
  CHECK(std::isnan(prediction(*categorical(), z).data()[0]));
}

TEST_CASE("a categorical vertex without an axis of logits is refused by name") {
  GraphBuilder model;
  const auto theta = model.parameter("theta", {}, {});
  CHECK_THROWS_WITH_AS(model.compute("y", model.use(theta), categorical()),
                       "vertex 'y': a categorical vertex needs logits along an axis, these have shape []", BadConfig);
}
