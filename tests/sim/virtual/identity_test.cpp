// In virtual time fixed prediction at rate 1 is backprop to the last bit, and lockstep the Jacobi iteration.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/support/four_trials.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("fixed prediction at rate 1 in virtual time is backprop to the last bit on random graphs") {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const RandomModel model = random_model(seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    const RandomData<float> data(model.graph, seed);
    NodeSettings<float> settings;
    settings.optimizer = optimizer_for(seed);
    settings.source = &data;
    const auto backprop = make_reference_executor(model.graph, settings);
    const auto expected = four_trials(*backprop, model);
    settings.rule = fixed_prediction<float>(1);
    for (const Wake wake : {Wake::gather, Wake::eager}) {
      settings.wake = wake;
      NetworkOptions network;
      network.latency = 1 + seed % 5;
      const auto executor = make_virtual_time_executor(model.graph, settings, network);
      const auto actual = four_trials<float>(*executor, model);
      for (std::size_t t = 0; t < expected.size(); ++t) {
        CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
        CHECK(actual[t].report.unsettled == 0);
      }
    }
  }
}

TEST_CASE("lockstep in virtual time is the Jacobi iteration to the last bit on random graphs, at any latency") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const RulePtr<double>& rule :
         {fixed_prediction<double>(0.3), fixed_prediction<double>(1), strict<double>(0.1)}) {
      NodeSettings<double> settings;
      settings.pacing = Pacing::lockstep;
      settings.rule = rule;
      settings.steps = 7;
      settings.source = &data;
      settings.optimizer = optimizer_for(seed);
      NetworkOptions network;
      network.latency = 1 + seed % 5;
      const auto expected = four_trials(*make_reference_executor(model.graph, settings), model);
      const auto actual = four_trials<double>(*make_virtual_time_executor(model.graph, settings, network), model);
      for (std::size_t t = 0; t < expected.size(); ++t)
        CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
    }
  }
}
