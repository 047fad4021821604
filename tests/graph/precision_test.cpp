// Precisions that are learned or predicted: every message is a derivative, strict relaxation descends the free energy,
// and what fixed prediction then means.
#include <doctest/doctest.h>

#include "graph/builder.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/unary.hpp"
#include "tests/graph/op_harness.hpp"
#include "tests/support/energy_differences.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// One of each: learned by all, learned by element, own parameters, predicted by a hidden vertex, by the parent of the
// mean too, from one number, and a location that the precision is made of.
const char* const kModels[] = {
    "x ~ input(3)\ns ~ parameter(1, init=0.3)\ny ~ normal(linear(x, 2), precision=exp(s))",
    "x ~ input(3)\ns ~ parameter(2, init=normal(0.5))\ny ~ normal(linear(x, 2), precision=exp(s))",
    "x ~ input(3)\ny ~ normal(linear(x, 2), precision=softplus(linear(tanh(x), 2)))",
    "x ~ input(3)\nh ~ normal(tanh(linear(x, 4)))\nv ~ normal(tanh(linear(x, 2)), precision=2)\n"
    "y ~ normal(linear(h, 2), precision=exp(v))",
    "x ~ input(3)\nh ~ normal(tanh(linear(x, 4)), precision=softplus(linear(x, 4)))\n"
    "k ~ normal(tanh(linear(h, 3)), precision=exp(linear(h, 1)))\n"
    "a = tanh(linear(k, 3))\ny ~ normal(linear(a, 2), precision=0.1 + linear(a, 2) ^ 2)",
    "x ~ input(3)\na = exp(linear(x, 2))\ny ~ normal(a, precision=a)",
    "x ~ input(3)\na = exp(linear(x, 2))\ny ~ normal(a, precision=1 + a)",
    "x ~ input(3)\na = exp(linear(x, 2))\ny ~ normal(a + 1, precision=a)",
    "x ~ input(2, 3)\ny ~ normal(linear(x, 2), precision=exp(sum(x, axis=1, keep=1)))",
    "x ~ input(3)\ns ~ parameter(3)\nt ~ normal(sin(s), precision=exp(s))\ny ~ normal(x * t)",
};

GraphPtr volatile_cycle() {
  GraphBuilder model;
  const auto h = model.declare("h", {3}, {Initializer::Kind::normal, 1});
  const auto w = model.declare("w", {3}, {Initializer::Kind::normal, 1});
  const ExpressionPtr squashed = apply(tanh_op(), {model.use(h)});
  model.define_normal(h, linear(squashed, 3, "h"), apply(exp_op(), {model.use(w)}));
  model.define_normal(w, linear(squashed, 3, "w"), apply(exp_op(), {linear(model.use(w), 1, "p")}));
  return model.build();
}

double precision_at(const Node<double>& node, std::size_t i) {
  const Precision<double> precision = node.precision();
  return precision.elementwise() ? precision.each.flat()[i] : precision.uniform;
}

}  // namespace

TEST_CASE("with learned and predicted precisions every feedback and gradient is minus a derivative of the energy") {
  std::vector<GraphPtr> graphs = {volatile_cycle()};
  for (const char* text : kModels) graphs.push_back(parse_graph(text, "m.graph"));
  for (const GraphPtr& graph : graphs) {
    const WorstDifference worst = EnergyDifferences(graph, 3).run();
    CAPTURE((*graph)[static_cast<VertexId>(graph->size() - 1)].name);
    CAPTURE(worst.where);
    CHECK(worst.elements > 10);
    CHECK(worst.relative < 1e-7);
  }
}

TEST_CASE("with predicted precisions a strict step goes down the gradient of the free energy, which never rises") {
  for (const char* text : kModels) {
    const GraphPtr graph = parse_graph(text, "m.graph");
    CAPTURE(text);
    HeldValues held(*graph, 3, 5);
    Trial trial = held.trial;
    std::vector<VertexId> ends(graph->inputs().begin(), graph->inputs().end());
    ends.insert(ends.end(), graph->outputs().begin(), graph->outputs().end());
    trial.clamped = clamp_set(*graph, ends);
    Reference<double> relaxed(graph, 1, {}), elsewhere(graph, 1, {});
    constexpr double kRate = 0.01;
    relaxed.predict(trial, held);
    std::vector<std::vector<double>> force(graph->size());
    double before = std::numeric_limits<double>::infinity();
    relaxed.relax(*strict<double>(kRate), 60, [&](std::uint64_t t) {
      const double energy = relaxed.free_energy();
      CHECK(energy <= before + 1e-12 * std::abs(before));
      before = energy;
      for (VertexId id = 0; id < graph->size(); ++id) {
        if (!relaxed.node(id).free()) continue;
        const Tensor<double> value = relaxed.node(id).value().copy();
        if (t == 6)
          for (std::size_t i = 0; i < value.flat().size(); ++i)
            CHECK((value.flat()[i] - held.values[id].flat()[i]) / kRate ==
                  doctest::Approx(force[id][i]).epsilon(1e-6).scale(1));
        held.values[id] = value;
      }
      if (t != 5) return;
      const auto free_energy = [&] {
        elsewhere.predict(held.trial, held);
        return elsewhere.free_energy();
      };
      for (VertexId id = 0; id < graph->size(); ++id)
        if (relaxed.node(id).free())
          for (double& x : held.values[id].flat()) force[id].push_back(-slope(x, free_energy));
    });
  }
}

TEST_CASE("backprop with predicted precisions is the gradient of the energies with hidden errors held as they rest") {
  for (const char* text : kModels) {
    const GraphPtr graph = parse_graph(text, "m.graph");
    CAPTURE(text);
    const HeldValues held(*graph, 3, 5);
    Trial trial = held.trial;
    std::vector<VertexId> ends(graph->inputs().begin(), graph->inputs().end());
    ends.insert(ends.end(), graph->outputs().begin(), graph->outputs().end());
    trial.clamped = clamp_set(*graph, ends);
    Reference<double> reference(graph, 1, {}), moved(graph, 1, {});
    reference.predict(trial, held);
    reference.backprop();
    reference.collect_leaf_feedback(false);
    std::vector<std::vector<double>> errors(graph->size());  // at rest, of free vertices
    for (VertexId id = 0; id < graph->size(); ++id)
      if (const Payload<double>& xi = reference.node(id).weighted_error())
        for (std::size_t i = 0; i < xi->flat().size(); ++i)
          errors[id].push_back(xi->flat()[i] / precision_at(reference.node(id), i));
    const auto energy = [&] {
      double sum = moved.predict(trial, held);
      for (VertexId id = 0; id < graph->size(); ++id) {
        const Node<double>& node = moved.node(id);
        if (!node.free() || (*graph)[id].precision_kind != PrecisionKind::inferred) continue;
        for (std::size_t i = 0; i < errors[id].size(); ++i) {
          const double p = precision_at(node, i);
          sum += 0.5 * p * errors[id][i] * errors[id][i] - 0.5 * std::log(p);
        }
      }
      return sum;
    };
    for (VertexId id = 0; id < graph->size(); ++id) {
      const auto gradients = reference.node(id).read_out();
      for (std::size_t k = 0; k < (*graph)[id].parameters.size(); ++k) {
        CAPTURE((*graph)[id].parameters[k].name);
        Tensor<double> values = moved.node(id).parameter(k);
        for (std::size_t i = 0; i < values.flat().size(); ++i) {
          const double numeric = slope(values.flat()[i], [&] {
            moved.node(id).set_parameter(k, std::as_const(values).view());
            return energy();
          });
          CHECK(gradients[k].flat()[i] == doctest::Approx(numeric).epsilon(1e-7).scale(1));
        }
      }
    }
  }
}

TEST_CASE("a learned precision comes to rest at the inverse of the mean squared error") {
  const GraphPtr graph = parse_graph("s ~ parameter(1)\nx ~ input(1)\ny ~ normal(x, precision=s)", "m.graph");
  const HeldValues held(*graph, 3, 9);
  double squares = 0;
  for (std::size_t i = 0; i < 3; ++i) squares += std::pow(held.values[2].flat()[i] - held.values[1].flat()[i], 2) / 3;
  Reference<double> reference(graph, 1, {});
  const auto best = tensor({1}, {1 / squares});
  reference.node(0).set_parameter(0, best.view());
  reference.predict(held.trial, held);
  reference.collect_leaf_feedback(false);
  CHECK(std::abs(reference.node(0).read_out()[0].flat()[0]) < 1e-14);
  CHECK(reference.free_energy() == doctest::Approx(1.5 + 1.5 * std::log(squares)).epsilon(1e-14));
}

TEST_CASE("constants in a precision are worked out once, and must be positive") {
  GraphBuilder model;
  const auto x = model.input("x", {2});
  const auto two = model.normal("a", model.use(x), apply(add_op(), {constant(1.5), constant(0.5)}));
  const auto each = tensor({2}, {4.0, 0.5});
  const auto both = model.normal("b", model.use(x), constant(each));
  const auto bad = tensor({2}, {4.0, 0.0});
  CHECK_THROWS_WITH_AS(model.normal("c", model.use(x), constant(bad)),
                       "vertex 'c': a precision must be positive and finite", BadConfig);
  CHECK_THROWS_WITH_AS(model.compute("c", model.use(x), bernoulli(), constant(each)),
                       "vertex 'c': a bernoulli vertex has no precision", BadConfig);
  CHECK_THROWS_WITH_AS(model.normal("c", model.use(x), model.use(model.input("z", {2, 2}))),
                       "vertex 'c': a precision of shape [batch, 2, 2] does not broadcast to the vertex's shape "
                       "[batch, 2]",
                       BadConfig);
  const GraphPtr graph = model.build();
  CHECK((*graph)[two].precision_kind == PrecisionKind::uniform);
  CHECK((*graph)[two].precision == 2);
  CHECK((*graph)[both].precision_kind == PrecisionKind::fixed);
  const HeldValues held(*graph, 3, 1);
  Reference<double> reference(graph, 1, {});
  reference.predict(held.trial, held);
  double expected = 0;  // without logarithms: nothing about it is learned
  for (std::size_t i = 0; i < 6; ++i)
    expected += 0.5 * each.flat()[i % 2] * std::pow(held.values[both].flat()[i] - held.values[x].flat()[i], 2);
  CHECK(reference.node(both).energy() == doctest::Approx(expected).epsilon(1e-14));
}

TEST_CASE("a precision that is not positive leaves no error, a NaN energy, and the name of its vertex") {
  const GraphPtr graph =
      parse_graph("x ~ input(2)\nh ~ normal(2 * x)\ny ~ normal(h, precision=h)\nz ~ normal(h)", "m.graph");
  for (const double bad : {0.0, -1.0, std::numeric_limits<double>::infinity(), std::nan("")}) {
    HeldValues held(*graph, 1, 1);
    held.values[0].fill(1);
    held.values[0].data()[1] = bad;
    held.trial.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
    Reference<double> reference(graph, 1, {});
    reference.predict(held.trial, held);
    CHECK_FALSE(reference.node(2).precise());
    CHECK(reference.node(2).weighted_error() == nullptr);
    CHECK(reference.node(2).feedback(0) == nullptr);
    CHECK(std::isnan(reference.node(2).energy()));
    if (std::isfinite(bad)) CHECK(reference.spoilt() == 2);
  }
}
