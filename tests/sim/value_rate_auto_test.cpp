// `value_rate = auto` asynchronously: vertices that wait for answers before they move on settle where lockstep settles,
// whatever the links do and on any number of threads.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

Factory in_virtual_time(const std::function<void(NetworkConfig&)>& change) {
  NetworkConfig config;
  change(config);
  return [options = network_options(config)](GraphPtr graph, const NodeSettings<double>& settings) {
    return make_virtual_time_executor(std::move(graph), settings, options);
  };
}

Factory on_threads(unsigned threads) {
  return [threads](GraphPtr graph, const NodeSettings<double>& settings) {
    return make_caf_executor<double>(std::move(graph), settings, {.threads = threads});
  };
}

// Every vertex to 1e-12, and the gradients read out there to 1e-8 of lockstep's.
void settle_where_lockstep_settles(std::uint64_t graphs,
                                   const std::vector<std::pair<std::string, Factory>>& executors) {
  for (std::uint64_t seed = 0; seed < graphs; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    const Trial trial = model.trial(LearnMode::read_out);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(strict_by_curvature<double>(0), Pacing::lockstep, &data);
    settings.steps = 20000;
    const auto reference = make_reference_executor(model.graph, settings);
    const Outcome<double> expected = observe_all(*reference, *model.graph, trial);
    settings.rule = strict_by_curvature<double>(std::nullopt);
    settings.pacing = Pacing::asynchronous;
    settings.tolerance = 1e-12;
    settings.steps = 200000;
    for (const auto& [name, make] : executors) {
      CAPTURE(name);
      const auto executor = make(model.graph, settings);
      const Outcome<double> settled = observe_all(*executor, *model.graph, trial);
      CHECK(settled.report.unsettled == 0);
      CHECK_FALSE(settled.report.diverged);
      CHECK(gradient_distance(settled, expected) < 1e-8);
    }
  }
}

std::vector<std::pair<std::string, Factory>> executors() {
  return {
      {"constant latency", in_virtual_time([](NetworkConfig& config) { config.latency = "4"; })},
      {"lognormal latency", in_virtual_time([](NetworkConfig& config) { config.latency = "lognormal(4, 1)"; })},
      {"loss with resend", in_virtual_time([](NetworkConfig& config) {
         config.jitter = 5;
         config.loss = 0.3;
         config.resend = 5;
       })},
      {"1 thread", on_threads(1)},
      {"2 threads", on_threads(2)},
      {"4 threads", on_threads(4)},
  };
}

}  // namespace

TEST_CASE("rates that follow curvature settle asynchronously where lockstep does, over any links and on any threads") {
  settle_where_lockstep_settles(8, executors());
}

TEST_CASE("rates that follow curvature settle 100 random graphs asynchronously where lockstep does" *
          doctest::test_suite("full")) {
  settle_where_lockstep_settles(100, executors());
}

TEST_CASE("a vertex whose child has stopped waits for its answer, is counted as unsettled, and the run ends") {
  const RandomModel model = random_model(3, true);
  const RandomData<double> data(model.graph, 3);
  NodeSettings<double> settings = settings_of(strict_by_curvature<double>(std::nullopt), Pacing::asynchronous, &data);
  settings.tolerance = 1e-12;
  settings.steps = 9;
  for (const auto& [name, make] : executors()) {
    CAPTURE(name);
    const auto executor = make(model.graph, settings);
    CHECK(run_trial(*executor, model.trial(LearnMode::none)).unsettled > 0);
    for (const std::uint64_t acts : executor->acts()) CHECK(acts <= 9);
  }
}
