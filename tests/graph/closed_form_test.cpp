// The transients that theory knows: fixed prediction's binomial closed form on chains and DAGs, and strict relaxation's
// falling free energy.
#include <doctest/doctest.h>

#include <cmath>
#include <vector>

#include "graph/error.hpp"
#include "graph/reference.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/path_sums.hpp"
#include "tests/support/random_graph.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// P(Binomial(t, rate) >= d), summed term by term.
double arrived(std::uint64_t t, double rate, std::uint64_t d) {
  double sum = 0;
  for (std::uint64_t k = d; k <= t; ++k) {
    double term = 1;
    for (std::uint64_t i = 1; i <= k; ++i) term *= static_cast<double>(t - k + i) / static_cast<double>(i) * rate;
    sum += term * std::pow(1 - rate, static_cast<double>(t - k));
  }
  return sum;
}

}  // namespace

TEST_CASE("on a chain the error d hops from the output is P(Binomial(t, rate) >= d) times backprop's, at every step") {
  std::string text = "x ~ input(3)\n";
  std::string before = "x";
  for (int k = 0; k < 6; ++k) {
    const std::string name(1, static_cast<char>('a' + k));
    text += name + " ~ normal(tanh(linear(" + before + ", 4))" + (k % 2 ? ", precision=2.5" : "") + ")\n";
    before = name;
  }
  text += "y ~ categorical(linear(" + before + ", 3))\n";
  RandomModel model;
  model.graph = parse_graph(text, "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 7});
  model.batch = 2;
  const RandomData<double> data(model.graph, 1);
  Reference<double> reference(model.graph, 1, {});
  const Trial trial = model.trial(LearnMode::none);
  reference.predict(trial, data);
  reference.backprop();
  std::vector<Tensor<double>> exact;
  for (VertexId id = 0; id < 7; ++id) exact.push_back(error_of(reference.node(id == 0 ? 1 : id)));
  for (const double rate : {0.1, 0.3, 0.5, 1.0}) {
    CAPTURE(rate);
    reference.predict(trial, data);
    reference.relax(*fixed_prediction<double>(rate), 40, [&](std::uint64_t t) {
      for (VertexId id = 1; id < 7; ++id) {
        const double share = arrived(t, rate, 7 - id);
        Distance distance;
        const Tensor<double> error = error_of(reference.node(id));
        std::vector<double> expected(exact[id].flat().begin(), exact[id].flat().end());
        for (double& x : expected) x *= share;
        distance.add(error.flat(), std::span<const double>(expected));
        CAPTURE(t);
        CAPTURE(id);
        CHECK(distance.relative() < 1e-12);
      }
    });
  }
}

TEST_CASE("on a DAG the closed form holds summed over paths, at every step, on 40 random graphs") {
  for (std::uint64_t seed = 200; seed < 240; ++seed) {
    const RandomModel model = random_model(seed);
    const Graph& graph = *model.graph;
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    Reference<double> reference(model.graph, seed, {});
    const Trial trial = model.trial(LearnMode::none);
    reference.predict(trial, data);
    constexpr std::uint64_t steps = 14;
    std::vector<std::vector<Tensor<double>>> by_hops(graph.size());
    PathSums paths(reference, trial.batch());
    for (std::uint64_t d = 0; d <= steps; ++d) {
      for (VertexId id = 0; id < graph.size(); ++id) by_hops[id].push_back(paths.of(id));
      paths.hop();
    }
    for (const double rate : {0.25, 1.0}) {
      reference.predict(trial, data);
      reference.relax(*fixed_prediction<double>(rate), steps, [&](std::uint64_t t) {
        for (VertexId id = 0; id < graph.size(); ++id) {
          if (!reference.node(id).free()) continue;
          std::vector<double> expected(by_hops[id][0].flat().size(), 0.0);
          double scale = 0;
          for (std::uint64_t d = 1; d <= t; ++d)
            for (std::size_t i = 0; i < expected.size(); ++i) {
              const double part = arrived(t, rate, d) * by_hops[id][d].data()[i];
              expected[i] += part;
              scale = std::max(scale, std::abs(part));
            }
          const Tensor<double> error = error_of(reference.node(id));
          double worst = 0;
          for (std::size_t i = 0; i < expected.size(); ++i)
            worst = std::max(worst, std::abs(error.data()[i] - expected[i]));
          CAPTURE(t);
          CAPTURE(graph[id].name);
          CHECK(worst <= 1e-12 * scale);
        }
      });
    }
  }
}

TEST_CASE("in strict lockstep under a stable rate the free energy never rises, on 30 random gaussian graphs") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    Reference<double> reference(model.graph, seed, {});
    reference.predict(model.trial(LearnMode::none), data);
    double before = INFINITY, first = 0;
    reference.relax(*strict<double>(0.02), 200, [&](std::uint64_t t) {
      const double now = reference.free_energy();
      CAPTURE(t);
      CHECK(now <= before + 1e-12 * std::abs(now));
      if (t == 0) first = now;
      before = now;
    });
    bool has_free_parent = false;
    for (VertexId id = 0; id < model.graph->size(); ++id)
      if (reference.node(id).clamped())
        for (const Edge& edge : (*model.graph)[id].parents)
          has_free_parent = has_free_parent || reference.node(edge.vertex).free();
    if (has_free_parent) CHECK(before < first);
  }
}

TEST_CASE("under a rate beyond 2 over the largest curvature the free energy does rise") {
  // F = 1/2 (h - 0)^2 + 1/2 * 9 * (1 - h)^2: curvature 10, so 0.2 is the limit.
  const GraphPtr graph =
      parse_graph("x ~ input(1)\nh ~ normal(0 * x)\ny ~ normal(1 * h, precision=9)", "quadratic.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  const RandomData<double> data(graph, 0);
  for (const double rate : {0.199, 0.201}) {
    Reference<double> reference(graph, 0, {});
    reference.predict(model.trial(LearnMode::none), data);
    std::vector<double> energy;
    reference.relax(*strict<double>(rate), 50, [&](std::uint64_t) { energy.push_back(reference.free_energy()); });
    CHECK((energy.back() > energy.front()) == (rate > 0.2));
  }
}

TEST_CASE("strict relaxation of a linear chain settles where the normal equations say") {
  // h ~ N(2 x, 1), y ~ N(3 h, precision 0.5): h* = (2 x + 3 * 0.5 * y) / (1 + 9 * 0.5).
  const GraphPtr graph =
      parse_graph("x ~ input(1)\nh ~ normal(2 * x)\ny ~ normal(3 * h, precision=0.5)", "linear.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  const RandomData<double> data(graph, 4);
  Reference<double> reference(graph, 0, {});
  reference.predict(model.trial(LearnMode::none), data);
  reference.relax(*strict<double>(0.1), 500);
  const double x = reference.node(0).value()->data()[0], y = reference.node(2).value()->data()[0];
  const double settled = (2 * x + 1.5 * y) / 5.5;
  CHECK(reference.node(1).value()->data()[0] == doctest::Approx(settled).epsilon(1e-14));
  const double energy = 0.5 * std::pow(settled - 2 * x, 2) + 0.25 * std::pow(y - 3 * settled, 2);
  CHECK(reference.free_energy() == doctest::Approx(energy).epsilon(1e-13));
}
