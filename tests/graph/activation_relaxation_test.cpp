// Activation relaxation: the transient that theory knows, its fixed point, and the published row of figures.
#include <doctest/doctest.h>

#include <cmath>

#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// P(Binomial(t, rate) >= d) and P(Binomial(t, rate) = d).
double exactly(std::uint64_t t, double rate, std::uint64_t d) {
  if (d > t) return 0;
  double term = std::pow(1 - rate, static_cast<double>(t - d));
  for (std::uint64_t i = 1; i <= d; ++i) term *= static_cast<double>(t - d + i) / static_cast<double>(i) * rate;
  return term;
}

RandomModel chain(int layers) {
  std::string text = "x ~ input(8)\n";
  std::string before = "x";
  for (int k = 1; k < layers; ++k) {
    const std::string name = std::string("h") + std::to_string(k);
    text += name + " ~ normal(tanh(linear(" + before + ", 8)))\n";
    before = name;
  }
  text += "y ~ normal(linear(" + before + ", 8))\n";
  RandomModel model;
  model.text = text;
  model.graph = parse_graph(text, "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, static_cast<VertexId>(layers)});
  model.batch = 4;
  return model;
}

double apart(const Tensor<double>& a, const Tensor<double>& b) {
  Distance distance;
  distance.add(a.flat(), b.flat());
  return distance.relative();
}

}  // namespace

TEST_CASE(
    "activation relaxation starts from the feed-forward values and rests at backprop's errors, in the value itself") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    Reference<double> reference(model.graph, seed, {});
    const Trial trial = model.trial(LearnMode::none);
    reference.predict(trial, data);
    reference.backprop();
    std::vector<Tensor<double>> exact;
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      const Payload<double>& xi = reference.node(id).weighted_error();
      exact.push_back(xi ? xi.copy() : Tensor<double>(reference.node(id).value().shape()));
    }
    reference.predict(trial, data);
    reference.relax(*activation_relaxation<double>(0.3), 400, [&](std::uint64_t t) {
      for (VertexId id = 0; id < model.graph->size(); ++id) {
        const Node<double>& node = reference.node(id);
        if (!node.free() || !node.vertex().energy->relaxable()) continue;
        if (t == 0) CHECK(same_bits(node.weighted_error().copy(), node.prediction().copy()));
        CHECK(same_bits(node.weighted_error().copy(), node.value().copy()));
      }
    });
    Distance all;
    for (VertexId id = 0; id < model.graph->size(); ++id)
      if (reference.node(id).free() && (*model.graph)[id].energy->relaxable())
        all.add(reference.node(id).value().flat(), std::as_const(exact[id]).flat());
    CHECK(all.relative() < 1e-12);
  }
}

TEST_CASE("activation relaxation at rate 1 ends in the same bits as fixed prediction at rate 1") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    Reference<double> one(model.graph, seed, {});
    Reference<double> other(model.graph, seed, {});
    one.predict(model.trial(LearnMode::none), data);
    other.predict(model.trial(LearnMode::none), data);
    one.relax(*activation_relaxation<double>(1), 20);
    other.relax(*fixed_prediction<double>(1), 20);
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      REQUIRE(static_cast<bool>(one.node(id).weighted_error()) == static_cast<bool>(other.node(id).weighted_error()));
      if (one.node(id).weighted_error())
        CHECK(same_bits(one.node(id).weighted_error().copy(), other.node(id).weighted_error().copy()));
    }
  }
}

TEST_CASE(
    "the value one hop from the output is its error times 1 - (1 - rate)^t plus (1 - rate)^t of what it began as") {
  const RandomModel model = chain(3);
  const RandomData<double> data(model.graph, 1);
  Reference<double> reference(model.graph, 1, {});
  const Trial trial = model.trial(LearnMode::none);
  reference.predict(trial, data);
  const Tensor<double> first = reference.node(2).value().copy();
  reference.backprop();
  const Tensor<double> error = reference.node(2).weighted_error().copy();
  for (const double rate : {0.1, 0.5}) {
    reference.predict(trial, data);
    reference.relax(*activation_relaxation<double>(rate), 60, [&](std::uint64_t t) {
      const double kept = exactly(t, rate, 0);
      Tensor<double> expected = first;
      for (std::int64_t i = 0; i < expected.size(); ++i)
        expected.data()[i] = kept * first.data()[i] + (1 - kept) * error.data()[i];
      CAPTURE(t);
      CHECK(apart(reference.node(2).value().copy(), expected) < 1e-12);
    });
  }
}

TEST_CASE("rate 0.1, 5 layers: the deepest error nears backprop as the published row of figures does") {
  const RandomModel model = chain(5);
  const RandomData<double> data(model.graph, 1);
  Reference<double> reference(model.graph, 1, {});
  const Trial trial = model.trial(LearnMode::none);
  reference.predict(trial, data);
  reference.backprop();
  const Tensor<double> exact = reference.node(1).weighted_error().copy();
  // 7.4e-3, 1.4e-6 and 8.7e-15 on a network of other sizes: the same orders of magnitude.
  const std::uint64_t steps[] = {100, 200, 400};
  const double published[] = {7.4e-3, 1.4e-6, 8.7e-15};
  for (std::size_t k = 0; k < 3; ++k) {
    reference.predict(trial, data);
    reference.relax(*activation_relaxation<double>(0.1), steps[k]);
    const double distance = apart(reference.node(1).value().copy(), exact);
    MESSAGE(steps[k] << " steps: " << distance << ", published " << published[k]);
    CHECK(distance < 10 * published[k]);
    CHECK(distance > published[k] / 10);
  }
}
