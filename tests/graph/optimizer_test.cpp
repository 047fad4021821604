#include "graph/optimizer.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

using namespace settle;

namespace {

// Runs the optimizer on one parameter with these gradients and returns the parameter after each.
template <std::size_t N>
std::array<double, N> run(const OptimizerSettings& settings, double start, const std::array<double, N>& gradients) {
  Optimizer<double> optimizer(settings, {1});
  Tensor<double> theta({1});
  theta.fill(start);
  std::array<double, N> trace{};
  for (std::size_t t = 0; t < N; ++t) {
    optimizer.apply(theta.view(), ConstView<double>(&gradients[t], {1}));
    trace[t] = theta.data()[0];
  }
  return trace;
}

}  // namespace

TEST_CASE("sgd adds rate times gradient") {
  OptimizerSettings settings;
  settings.learning_rate = 0.25;
  const auto trace = run<3>(settings, 1, {4, -2, 1});
  CHECK(trace == std::array<double, 3>{2, 1.5, 1.75});
  CHECK(Optimizer<double>(settings, {1}).plain());
}

TEST_CASE("momentum adds a decaying sum of gradients") {
  OptimizerSettings settings;
  settings.kind = OptimizerKind::momentum;
  settings.learning_rate = 0.5;
  settings.momentum = 0.5;
  // m: 4, 0, 1.  theta: 1 + 2, 3 + 0, 3 + 0.5
  const auto trace = run<3>(settings, 1, {4, -2, 1});
  CHECK(trace == std::array<double, 3>{3, 3, 3.5});
  CHECK_FALSE(Optimizer<double>(settings, {1}).plain());
}

TEST_CASE("momentum under a constant gradient tends to rate times gradient over 1 - momentum a step") {
  OptimizerSettings settings;
  settings.kind = OptimizerKind::momentum;
  settings.learning_rate = 0.01;
  settings.momentum = 0.9;
  std::array<double, 400> gradients;
  gradients.fill(3);
  const auto trace = run(settings, 0, gradients);
  CHECK(trace[399] - trace[398] == doctest::Approx(0.01 * 3 / 0.1).epsilon(1e-12));
}

TEST_CASE("adam's first step is the rate in the gradient's direction, however small the gradient") {
  OptimizerSettings settings;
  settings.kind = OptimizerKind::adam;
  settings.learning_rate = 0.001;
  settings.epsilon = 0;
  CHECK(run<1>(settings, 0, {1e-9})[0] == doctest::Approx(0.001).epsilon(1e-12));
  CHECK(run<1>(settings, 0, {-250})[0] == doctest::Approx(-0.001).epsilon(1e-12));
  settings.epsilon = 1e-8;
  CHECK(run<1>(settings, 0, {1e-8})[0] == doctest::Approx(0.0005).epsilon(1e-12));
}

TEST_CASE("adam follows algorithm 1 of Kingma and Ba with bias-corrected means") {
  OptimizerSettings settings;
  settings.kind = OptimizerKind::adam;
  settings.learning_rate = 0.1;
  settings.beta1 = 0.8;
  settings.beta2 = 0.95;
  settings.epsilon = 1e-3;
  const std::array<double, 5> gradients{0.3, -1.2, 0.05, 2, 0.7};
  const auto trace = run(settings, 1, gradients);
  double theta = 1;
  for (std::size_t t = 0; t < gradients.size(); ++t) {
    // The running means written out as weighted sums over all gradients so far.
    double mean = 0, square = 0, weight1 = 0, weight2 = 0;
    for (std::size_t i = 0; i <= t; ++i) {
      const auto age = static_cast<double>(t - i);
      mean += std::pow(0.8, age) * gradients[i];
      square += std::pow(0.95, age) * gradients[i] * gradients[i];
      weight1 += std::pow(0.8, age);
      weight2 += std::pow(0.95, age);
    }
    theta += 0.1 * (mean / weight1) / (std::sqrt(square / weight2) + 1e-3);
    CHECK(trace[t] == doctest::Approx(theta).epsilon(1e-12));
  }
}

TEST_CASE("clip bounds every component before anything else, for every optimizer") {
  OptimizerSettings settings;
  settings.learning_rate = 1;
  settings.clip = 0.5;
  CHECK(run<3>(settings, 0, {3, -0.25, -9}) == std::array<double, 3>{0.5, 0.25, -0.25});
  CHECK_FALSE(Optimizer<double>(settings, {1}).plain());
  settings.kind = OptimizerKind::momentum;
  settings.momentum = 1;
  CHECK(run<2>(settings, 0, {3, 3}) == std::array<double, 2>{0.5, 1.5});
}
