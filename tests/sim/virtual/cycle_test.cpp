// Graphs with cycles in virtual time.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/sim/virtual/link_models.hpp"
#include "tests/support/cyclic_graph.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

RandomModel cyclic_model() {
  const FullyConnected parts = fully_connected(5, 4, 3);
  RandomModel model;
  model.graph = parts.graph;
  model.clamped = clamp_set(*parts.graph, std::vector<VertexId>{parts.x, parts.y});
  model.batch = 2;
  return model;
}

}  // namespace

TEST_CASE("lockstep on a cycle in virtual time is the Jacobi iteration to the last bit under every link model") {
  const RandomModel model = cyclic_model();
  const RandomData<double> data(model.graph, 3);
  NodeSettings<double> settings;
  settings.rule = strict<double>(0.1);
  settings.pacing = Pacing::lockstep;
  settings.steps = 20;
  settings.source = &data;
  const Outcome<double> expected =
      observe_all(*make_reference_executor(model.graph, settings), *model.graph, model.trial(LearnMode::update));
  for (const NamedNetwork& network : link_models()) {
    if (!network.options.hosts.empty()) continue;  // they name vertices that are not here
    CAPTURE(network.name);
    const auto executor = make_virtual_time_executor(model.graph, settings, network.options);
    const Outcome<double> actual = observe_all<double>(*executor, *model.graph, model.trial(LearnMode::update));
    CHECK(first_difference(*model.graph, actual, expected) == "");
  }
}

TEST_CASE("a cycle refuses gather in virtual time too") {
  const RandomModel model = cyclic_model();
  NodeSettings<double> settings;
  settings.rule = strict<double>(0.1);
  settings.wake = Wake::gather;
  CHECK_THROWS_AS(make_virtual_time_executor(model.graph, settings, {}), BadConfig);
}

TEST_CASE("a delay beyond the phase's steps is as long as the phase, and takes no more memory") {
  RandomModel model = random_model(4);
  const RandomData<double> data(model.graph, 4);
  NodeSettings<double> settings;
  settings.rule = strict<double>(0.05);
  settings.pacing = Pacing::lockstep;
  settings.steps = 12;
  settings.source = &data;
  NetworkOptions exact, endless;
  exact.delay = 12;
  endless.delay = UINT32_MAX;
  const auto outcome = [&](const NetworkOptions& network) {
    return observe_all<double>(*make_virtual_time_executor(model.graph, settings, network), *model.graph,
                               model.trial(LearnMode::update));
  };
  CHECK(first_difference(*model.graph, outcome(exact), outcome(endless)) == "");
}
