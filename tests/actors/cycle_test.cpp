// Graphs with cycles in the pure core, under any order of delivery.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "tests/support/cyclic_graph.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/shuffled_network.hpp"

using namespace settle;
using namespace settle::test;

namespace {

NodeSettings<double> strict_settings(const ClampSource<double>* source) {
  NodeSettings<double> settings;
  settings.rule = strict<double>(0.1);
  settings.wake = Wake::eager;
  settings.source = source;
  return settings;
}

Trial trial_on(const FullyConnected& model, std::vector<VertexId> clamped, LearnMode learn) {
  Trial trial;
  trial.samples = {0, 1};
  trial.clamped = clamp_set(*model.graph, clamped);
  trial.learn = learn;
  return trial;
}

}  // namespace

TEST_CASE("lockstep on a cycle is the Jacobi iteration to the last bit, in any order of delivery") {
  const FullyConnected model = fully_connected(5, 4, 3);
  const RandomData<double> data(model.graph, 3);
  NodeSettings<double> settings = strict_settings(&data);
  settings.pacing = Pacing::lockstep;
  settings.steps = 20;
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    CAPTURE(seed);
    ShuffledNetwork<double> network(model.graph, settings, seed, false);
    const auto reference = make_reference_executor(model.graph, settings);
    for (std::uint64_t number = 0; number < 3; ++number) {
      Trial trial = trial_on(model, {model.x, model.y}, LearnMode::update);
      trial.number = number;
      const TrialReport<double> expected = run_trial(*reference, trial);
      const TrialReport<double> report = network.run(trial);
      CHECK(report.loss == expected.loss);
      CHECK(report.free_energy == expected.free_energy);
      State<double> state;
      for (VertexId id = 0; id < model.graph->size(); ++id) save_state(network.core(id).node(), state);
      for (const auto& [name, tensor] : reference->save()) CHECK(same_bits(state.at(name), tensor));
    }
  }
}

TEST_CASE("acting in any order, a cycle settles where the Jacobi iteration does") {
  const FullyConnected model = fully_connected(5, 4, 3);
  const RandomData<double> data(model.graph, 4);
  NodeSettings<double> settings = strict_settings(&data);
  settings.tolerance = 1e-13;
  const Trial trial = trial_on(model, {model.x}, LearnMode::none);
  NodeSettings<double> stepping = settings;
  stepping.steps = 3000;
  const auto reference = make_reference_executor(model.graph, stepping);
  run_trial(*reference, trial);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    ShuffledNetwork<double> network(model.graph, settings, seed, seed % 2 == 1);
    network.run(trial);
    for (const VertexId id : {model.h, model.y}) {
      const Tensor<double> expected = reference->observe(id, Quantity::value);
      const auto& actual = network.core(id).node().value();
      for (std::size_t i = 0; i < expected.flat().size(); ++i)
        CHECK(std::abs(actual->flat()[i] - expected.flat()[i]) < 1e-9);
    }
  }
}

TEST_CASE("rules that need a predict sweep and wake gather are refused on a cycle, which is named") {
  const FullyConnected model = fully_connected(2, 2, 2);
  NodeSettings<double> settings = strict_settings(nullptr);
  CHECK_NOTHROW(check_admitted(*model.graph, settings));
  settings.wake = Wake::gather;
  CHECK_THROWS_WITH_AS(check_admitted(*model.graph, settings),
                       "the model has a cycle, x -> x: with wake gather its vertices would wait for each other; take "
                       "wake eager",
                       BadConfig);
  settings.pacing = Pacing::lockstep;  // which waits for single steps only
  CHECK_NOTHROW(check_admitted(*model.graph, settings));
  settings.rule = fixed_prediction<double>(1);
  settings.steps = 1;
  CHECK_THROWS_WITH_AS(make_reference_executor(model.graph, settings),
                       "the model has a cycle, x -> x: only the rules strict and incremental relax it, not "
                       "fixed_prediction",
                       BadConfig);
  settings.rule = nullptr;
  CHECK_THROWS_WITH_AS(make_reference_executor(model.graph, settings),
                       "the model has a cycle, x -> x: only the rules strict and incremental relax it, not "
                       "backprop",
                       BadConfig);
}
