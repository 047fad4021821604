#include "tools/random_neurons.hpp"

#include <doctest/doctest.h>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("ten thousand neurons, an actor each, settle to backprop's bits and learn alike") {
  RandomModel model;
  model.graph = random_neurons(10'000);
  std::vector<VertexId> clamped(model.graph->inputs().begin(), model.graph->inputs().end());
  clamped.insert(clamped.end(), model.graph->outputs().begin(), model.graph->outputs().end());
  model.clamped = clamp_set(*model.graph, clamped);
  const RandomData<float> data(model.graph, 1);
  NodeSettings<float> settings;
  settings.source = &data;
  const auto backprop = make_reference_executor(model.graph, settings);
  settings.rule = fixed_prediction<float>(1);
  const auto caf = make_caf_executor<float>(model.graph, settings, {.threads = 2});
  for (std::uint64_t number = 0; number < 3; ++number) {
    const Trial trial = model.trial(number == 0 ? LearnMode::read_out : LearnMode::update, number);
    CAPTURE(number);
    const Outcome<float> actual = observe_all(*caf, *model.graph, trial);
    CHECK(first_difference(*model.graph, actual, observe_all(*backprop, *model.graph, trial)) == "");
    CHECK(actual.report.messages == 2 * model.graph->edges() - [&] {
      std::uint64_t from_inputs = 0;  // clamped inputs send values and receive nothing in relax
      for (const VertexId input : model.graph->inputs()) from_inputs += (*model.graph)[input].children.size();
      return number == 0 ? 0 : from_inputs;  // but are told in learn where gradients are read out
    }());
  }
}

TEST_CASE("every neuron has four parents, whatever the size, and all share one program") {
  const GraphPtr graph = random_neurons(500);
  CHECK(graph->inputs().size() == 50);
  for (const Vertex& vertex : graph->vertices()) {
    if (vertex.kind != VertexKind::computed) continue;
    CHECK(vertex.parents.size() == 4);
    CHECK(vertex.program == (*graph)[50].program);
  }
}
