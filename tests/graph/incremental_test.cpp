// Incremental predictive coding against strict relaxation and against its algorithm written out.
#include <doctest/doctest.h>

#include <cmath>

#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("with learning rate 0 incremental relaxation is strict relaxation to the last bit, at every step") {
  OptimizerSettings still;
  still.learning_rate = 0;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    Reference<double> one(model.graph, seed, still);
    Reference<double> other(model.graph, seed, still);
    one.predict(model.trial(LearnMode::update), data);
    other.predict(model.trial(LearnMode::update), data);
    std::vector<double> energies, expected;
    one.relax(
        *incremental<double>(0.05), 20, [&](std::uint64_t) { energies.push_back(one.free_energy()); }, 1.0);
    other.relax(*strict<double>(0.05), 20, [&](std::uint64_t) { expected.push_back(other.free_energy()); });
    CHECK(energies == expected);
    for (VertexId id = 0; id < model.graph->size(); ++id)
      CHECK(same_bits(one.node(id).value().copy(), other.node(id).value().copy()));
  }
}

TEST_CASE("values and parameters, own and shared, move together by the errors of one step") {
  // h ~ N(w x, 1), y ~ N(s h, 1), s a parameter vertex: written out here.
  const GraphPtr graph = parse_graph(
      "x ~ input(1)\ns ~ parameter(1, init=0.5)\nh ~ normal(linear(x, 1, bias=0))\ny ~ normal(s * h)", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 3});
  const RandomData<double> data(graph, 4);
  OptimizerSettings optimizer;
  optimizer.learning_rate = 0.03;
  Reference<double> reference(graph, 2, optimizer);
  reference.predict(model.trial(LearnMode::update), data);
  const double x = reference.node(0).value().data()[0], y = reference.node(3).value().data()[0];
  double w = reference.node(2).parameter(0).data()[0], s = 0.5;
  double h = w * x;
  constexpr int steps = 50;
  reference.relax(*incremental<double>(0.1), steps, {}, 1.0);
  for (int t = 0; t < steps; ++t) {
    const double error_h = h - w * x, error_y = y - s * h;
    const double next_s = s + 0.03 * h * error_y;
    h += 0.1 * (s * error_y - error_h);
    w += 0.03 * x * error_h;
    s = next_s;
  }
  CHECK(reference.node(2).value().data()[0] == doctest::Approx(h).epsilon(1e-12));
  CHECK(reference.node(2).parameter(0).data()[0] == doctest::Approx(w).epsilon(1e-12));
  CHECK(reference.node(1).parameter(0).data()[0] == doctest::Approx(s).epsilon(1e-12));
  CHECK(reference.node(3).weighted_error().data()[0] == doctest::Approx(y - s * h).epsilon(1e-10));
}

TEST_CASE("the free energy falls within one incremental trial to where strict relaxation alone cannot bring it") {
  const RandomModel model = random_model(3, true);
  const RandomData<double> data(model.graph, 3);
  OptimizerSettings optimizer;
  optimizer.learning_rate = 0.02;
  double settled[2];
  for (const bool learns : {false, true}) {
    Reference<double> reference(model.graph, 3, optimizer);
    reference.predict(model.trial(LearnMode::update), data);
    reference.relax(*incremental<double>(0.02), 300, {}, learns ? std::optional(1.0) : std::nullopt);
    settled[learns] = reference.free_energy();
  }
  CAPTURE(model.text);
  CHECK(settled[1] < settled[0]);
}
