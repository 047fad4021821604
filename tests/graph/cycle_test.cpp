// The mathematics of graphs with cycles: their messages are derivatives, and their trials have a beginning.
#include <doctest/doctest.h>

#include "graph/ops/arithmetic.hpp"
#include "tests/support/cyclic_graph.hpp"
#include "tests/support/energy_differences.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// u = x + W u + ..., v and u predict each other, w hangs below, p is shared.
GraphPtr small_cycle() {
  GraphBuilder model;
  const auto x = model.input("x", {3});
  const auto p = model.parameter("p", {3}, {Initializer::Kind::normal, 0.5});
  const auto u = model.declare("u", {3}, {Initializer::Kind::normal, 1});
  const auto v = model.normal("v", linear(apply(sin_op(), {model.use(u)}), 2, "v"), 1.5);
  const auto squashed = apply(tanh_op(), {apply(concat_op(-1), {model.use(x), model.use(u), model.use(v)})});
  model.define_normal(u, apply(add_op(), {linear(squashed, 3, "u"), apply(mul_op(), {model.use(p), model.use(u)})}), 2);
  model.normal("w", apply(mul_op(), {model.use(u), model.use(u)}));
  return model.build();
}

}  // namespace

TEST_CASE("on every edge of a cycle, feedback is minus the derivative of the child's energy") {
  for (const GraphPtr& graph : {small_cycle(), fully_connected(5, 4, 3).graph}) {
    const WorstDifference worst = EnergyDifferences(graph, 7).run();
    CAPTURE(worst.where);
    CHECK(worst.elements > 90);
    CHECK(worst.relative < 1e-7);
  }
}

TEST_CASE("a free vertex on a cycle starts every trial and every sample from the same draw, by seed and name") {
  const FullyConnected model = fully_connected(5, 4, 3);
  HeldValues held(*model.graph, 3, 1);
  held.trial.clamped = clamp_set(*model.graph, std::vector<VertexId>{model.x});
  const auto start = [&](std::uint64_t seed) {
    Reference<double> reference(model.graph, seed, {});
    reference.predict(held.trial, held);
    const auto first = reference.node(model.h).value();
    reference.relax(*strict<double>(0.1), 5);
    reference.predict(held.trial, held);
    const auto second = reference.node(model.h).value();
    CHECK(std::ranges::equal(first->flat(), second->flat()));
    return std::vector<double>(first->flat().begin(), first->flat().end());
  };
  const std::vector<double> values = start(5);
  CHECK(values == start(5));
  CHECK(values != start(6));
  const Tensor<double> drawn = initial_values({"h", {4}, {Initializer::Kind::normal, 0.1}}, 5);
  for (std::size_t i = 0; i < values.size(); ++i) CHECK(values[i] == drawn.flat()[i % 4]);
}

TEST_CASE("under a small rate the free energy of a cyclic graph never rises") {
  const FullyConnected model = fully_connected(6, 5, 3);
  HeldValues held(*model.graph, 3, 2);
  held.trial.clamped = clamp_set(*model.graph, std::vector<VertexId>{model.x});
  Reference<double> reference(model.graph, 2, {});
  reference.predict(held.trial, held);
  double before = std::numeric_limits<double>::infinity();
  reference.relax(*strict<double>(0.1), 200, [&](std::uint64_t t) {
    const double now = reference.free_energy();
    CAPTURE(t);
    CHECK(now <= before + 1e-12 * before);
    before = now;
  });
}
