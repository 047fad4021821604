// The pure core under any order of delivery, without threads: every run is a function of its seed.
#include "actors/node_core.hpp"

#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/shuffled_network.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// Compares every weighted error and gradient of a shuffled network with the reference's, bit for bit, then two trials
// of learning.
void compare(const RandomModel& model, NodeSettings<double> settings, bool backprop, bool duplicates) {
  const RandomData<double> data(model.graph, model.seed);
  settings.seed = model.seed;
  settings.source = &data;
  settings.optimizer = optimizer_for(model.seed);
  ShuffledNetwork<double> network(model.graph, settings, model.seed, duplicates);
  if (backprop) settings.rule = nullptr;
  const auto reference = make_reference_executor(model.graph, settings);
  for (std::uint64_t number = 0; number < 3; ++number) {
    const Trial trial = model.trial(number == 0 ? LearnMode::read_out : LearnMode::update, number);
    const Outcome<double> expected = observe_all(*reference, *model.graph, trial);
    const TrialReport<double> report = network.run(trial);
    CAPTURE(number);
    CHECK(report.loss == expected.report.loss);
    CHECK(report.free_energy == expected.report.free_energy);
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      CAPTURE((*model.graph)[id].name);
      const NodeCore<double>& core = network.core(id);
      CHECK(same_bits(observe_node(core.node(), Quantity::weighted_error), expected.errors[id]));
      CHECK(same_bits(observe_node(core.node(), Quantity::value), expected.values[id]));
      if (number > 0) continue;
      REQUIRE(core.gradients().size() == expected.gradients[id].size());
      for (std::size_t k = 0; k < expected.gradients[id].size(); ++k)
        CHECK(same_bits(core.gradients()[k], expected.gradients[id][k]));
    }
    State<double> state;
    for (VertexId id = 0; id < model.graph->size(); ++id) save_state(network.core(id).node(), state);
    for (const auto& [name, tensor] : expected.state) CHECK(same_bits(state.at(name), tensor));
  }
}

NodeSettings<double> asynchronous(RulePtr<double> rule, Wake wake) {
  NodeSettings<double> settings;
  settings.rule = std::move(rule);
  settings.wake = wake;
  return settings;
}

struct Nowhere final : Outbox<double> {
  void send(VertexId, const Message<double>&) override {}
  void wake() override {}
  std::uint32_t newest(MessageKind, Slot) override { return 0; }
} nowhere;

}  // namespace

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit when messages overtake each other and arrive twice") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomModel model = random_model(seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    compare(model, asynchronous(fixed_prediction<double>(1), Wake::gather), true, true);
    compare(model, asynchronous(fixed_prediction<double>(1), Wake::eager), true, true);
  }
}

TEST_CASE("with predicted precisions on hidden vertices, fixed prediction is one reverse sweep in any order too") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RandomModel model = random_model(seed, false, true);
    CAPTURE(seed);
    CAPTURE(model.text);
    compare(model, asynchronous(fixed_prediction<double>(1), Wake::gather), true, true);
    compare(model, asynchronous(fixed_prediction<double>(1), Wake::eager), true, true);
  }
}

TEST_CASE("lockstep is the Jacobi iteration to the last bit when messages overtake each other") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RandomModel model = random_model(seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings;
    settings.pacing = Pacing::lockstep;
    settings.steps = 7;
    for (const RulePtr<double>& rule :
         {fixed_prediction<double>(0.3), fixed_prediction<double>(1), strict<double>(0.1), incremental<double>(0.02),
          activation_relaxation<double>(0.3), zero_divergence<double>()}) {
      settings.rule = rule;
      compare(model, settings, false, false);
    }
  }
}

TEST_CASE("asynchronous strict relaxation comes to the equilibrium of lockstep, in any order of messages") {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = asynchronous(strict<double>(0.05), Wake::eager);
    settings.tolerance = 1e-12;
    settings.source = &data;
    ShuffledNetwork<double> network(model.graph, settings, seed, false);
    settings.steps = 20000;
    const auto reference = make_reference_executor(model.graph, settings);
    const Trial trial = model.trial(LearnMode::read_out);
    const Outcome<double> expected = observe_all(*reference, *model.graph, trial);
    const TrialReport<double> report = network.run(trial);
    CHECK(report.unsettled == 0);
    Distance distance;
    for (VertexId id = 0; id < model.graph->size(); ++id)
      distance.add(observe_node(network.core(id).node(), Quantity::value).flat(),
                   std::span<const double>(expected.values[id].flat()));
    CHECK(distance.relative() < 1e-9);
  }
}

TEST_CASE("a vertex that may act no more is counted as unsettled, and learns from errors that fit the last values") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings = asynchronous(strict<double>(0.05), Wake::eager);
    settings.tolerance = 1e-12;
    settings.source = &data;
    settings.steps = 3;
    ShuffledNetwork<double> network(model.graph, settings, seed, false);
    const TrialReport<double> report = network.run(model.trial(LearnMode::read_out));
    CAPTURE(seed);
    CAPTURE(model.text);
    // Every error is precision * (v - f(v of the parents)) for the values of the moment, parents that overtook
    // included.
    Reference<double> reference(model.graph, 0, {});
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      CHECK(network.core(id).report().acts <= 3);
      const Node<double>& node = network.core(id).node();
      if (node.vertex().kind != VertexKind::computed) continue;
      Node<double>& check = reference.node(id);
      check.begin_trial(model.batch, true);
      check.hold([&](Tensor<double>& held) { held = node.value().copy(); });
      for (Slot slot = 0; slot < node.vertex().parents.size(); ++slot)
        check.set_parent(slot, network.core(node.vertex().parents[slot].vertex).node().value());
      check.predict();
      CAPTURE(node.vertex().name);
      CHECK(same_bits(observe_node(node, Quantity::prediction), check.prediction().copy()));
    }
    if (report.unsettled == 0) CHECK(report.acts <= 3 * model.graph->size());
  }
}

TEST_CASE("a core that waits says for what: its phase, its step, the neighbour and the slot") {
  const GraphPtr graph =
      parse_graph("x ~ input(1)\nz ~ input(1)\nh ~ normal(x * z)\ng ~ normal(h)\ny ~ normal(h - g)", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 1, 4});
  const auto trial = std::make_shared<const Trial>(model.trial(LearnMode::update));
  const Payload<double> one(Tensor<double>(Shape{1, 1}));
  const auto predicted = [&](const NodeSettings<double>& settings) {
    auto core = std::make_unique<NodeCore<double>>(*graph, 2, settings);
    CHECK(core->waits_for() == "");
    core->begin({{1, Phase::predict}, trial}, nowhere);
    CHECK(core->waits_for() == "predict, waits for value from 'x' (slot 0), value from 'z' (slot 1)");
    core->receive({{1, Phase::predict}, MessageKind::value, false, 0, 1, 0, -1, one}, nowhere);
    CHECK(core->waits_for() == "predict, waits for value from 'x' (slot 0)");
    core->receive({{1, Phase::predict}, MessageKind::value, false, 0, 0, 0, -1, one}, nowhere);
    CHECK(core->waits_for() == "");
    return core;
  };
  const Stamp relax{1, Phase::relax};
  NodeSettings<double> settings = asynchronous(fixed_prediction<double>(1), Wake::gather);
  const auto gather = predicted(settings);
  CHECK(gather->waits_for() == "");
  CHECK(gather->waits_for(relax) == "relax, waits for feedback from 'g' (slot 0), feedback from 'y' (slot 1)");
  gather->receive({relax, MessageKind::feedback, false, 0, 1, 0, -1, one}, nowhere);
  CHECK(gather->waits_for() == "relax, waits for feedback from 'g' (slot 0)");
  gather->receive({relax, MessageKind::feedback, false, 0, 0, 0, -1, one}, nowhere);
  CHECK(gather->waits_for() == "");

  settings.wake = Wake::eager;
  const auto eager = predicted(settings);
  eager->receive({relax, MessageKind::feedback, false, 0, 1, 0, -1, one}, nowhere);
  eager->wake(nowhere);
  CHECK(eager->waits_for() == "relax, waits for feedback from 'g' (slot 0)");

  settings.pacing = Pacing::lockstep;
  settings.steps = 4;
  const auto lockstep = predicted(settings);
  lockstep->begin({relax, trial}, nowhere);
  lockstep->receive({relax, MessageKind::feedback, false, 0, 0, 0, -1, one}, nowhere);
  CHECK(lockstep->waits_for() == "relax step 0, waits for feedback from 'y' (slot 1)");
  lockstep->receive({relax, MessageKind::feedback, false, 0, 0, 1, -1, one}, nowhere);
  lockstep->receive({relax, MessageKind::feedback, false, 0, 1, 0, -1, one}, nowhere);
  CHECK(lockstep->waits_for() == "relax step 1, waits for feedback from 'y' (slot 1)");
}

TEST_CASE(
    "in lockstep a vertex lets go of what its children sent once it has used it, so that they write there again") {
  const GraphPtr graph = parse_graph("x ~ input(2)\nh ~ normal(2 * x)\ny ~ normal(h)\nz ~ normal(sin(h))", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2, 3});
  const auto trial = std::make_shared<const Trial>(model.trial(LearnMode::update));
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(0.5);
  settings.pacing = Pacing::lockstep;
  settings.steps = 2;
  NodeCore<double> core(*graph, 1, settings);
  const auto pair = [] { return Payload<double>(Tensor<double>(Shape{1, 2})); };
  core.begin({{1, Phase::predict}, trial}, nowhere);
  core.receive({{1, Phase::predict}, MessageKind::value, false, 0, 0, 0, -1, pair()}, nowhere);
  const Stamp relax{1, Phase::relax};
  core.begin({relax, trial}, nowhere);
  const Payload<double> first = pair(), second = pair();
  core.receive({relax, MessageKind::feedback, false, 0, 0, 0, -1, first}, nowhere);
  CHECK(first.use_count() == 2);
  core.receive({relax, MessageKind::feedback, false, 0, 1, 0, -1, second}, nowhere);
  CHECK(core.waits_for() == "relax step 1, waits for feedback from 'y' (slot 0), feedback from 'z' (slot 1)");
  CHECK(first.use_count() == 1);
  CHECK(second.use_count() == 1);
}
