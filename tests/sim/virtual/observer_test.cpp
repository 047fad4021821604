// What an observer sees of a relaxation in virtual time.
#include "sim/virtual/observer.hpp"

#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "tests/sim/virtual/recording.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("the sample after t lockstep steps is a run of t steps, to the last bit on random graphs") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const RulePtr<double>& rule : {fixed_prediction<double>(0.3), strict<double>(0.1)}) {
      NodeSettings<double> settings;
      settings.pacing = Pacing::lockstep;
      settings.rule = rule;
      settings.steps = 6;
      settings.source = &data;
      Recording recording;
      NetworkOptions three_ticks;
      three_ticks.link.latency = constant_number(3);
      const auto executor = make_virtual_time_executor<double>(model.graph, settings, three_ticks);
      executor->observe_with(&recording);
      run_trial(*executor, model.trial(LearnMode::none));
      REQUIRE(recording.rows.size() == 7);
      for (std::uint64_t t = 0; t <= 6; ++t) {
        settings.steps = t;
        const auto reference = make_reference_executor(model.graph, settings);
        run_trial(*reference, model.trial(LearnMode::none));
        CAPTURE(t);
        CHECK(recording.rows[t].step == t);
        for (VertexId id = 0; id < model.graph->size(); ++id) {
          CAPTURE((*model.graph)[id].name);
          CHECK(same_bits(recording.rows[t].errors[id], reference->observe(id, Quantity::weighted_error)));
          CHECK(same_bits(recording.rows[t].values[id], reference->observe(id, Quantity::value)));
        }
      }
    }
  }
}

TEST_CASE("an eager run over links of one tick goes through the states of lockstep, tick by tick") {
  const RandomModel model = random_model(8);
  const RandomData<double> data(model.graph, 8);
  NodeSettings<double> settings;
  settings.source = &data;
  settings.rule = fixed_prediction<double>(0.4);
  settings.pacing = Pacing::lockstep;
  settings.steps = 30;
  Recording lockstep;
  const auto stepping = make_virtual_time_executor<double>(model.graph, settings, {});
  stepping->observe_with(&lockstep);
  run_trial(*stepping, model.trial(LearnMode::none));

  settings.pacing = Pacing::asynchronous;
  settings.wake = Wake::eager;
  settings.steps = 31;
  Recording eager;
  NetworkOptions each_tick;
  each_tick.sample_every = 1;
  const auto acting = make_virtual_time_executor<double>(model.graph, settings, each_tick);
  acting->observe_with(&eager);
  run_trial(*acting, model.trial(LearnMode::none));
  REQUIRE(eager.rows.size() > 20);
  for (std::size_t row = 1; row < eager.rows.size(); ++row) {
    CAPTURE(row);
    const std::uint64_t tick = eager.rows[row].tick;
    if (tick >= lockstep.rows.size()) continue;
    for (VertexId id = 0; id < model.graph->size(); ++id)
      CHECK(same_bits(eager.rows[row].errors[id], lockstep.rows[tick].errors[id]));
  }
}
