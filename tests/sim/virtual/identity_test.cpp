// In virtual time fixed prediction at rate 1 is backprop to the last bit, and lockstep the Jacobi iteration, whatever
// the links and the clocks do.
#include <doctest/doctest.h>

#include <functional>

#include "actors/reference_executor.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/sim/virtual/link_models.hpp"
#include "tests/support/four_trials.hpp"

using namespace settle;
using namespace settle::test;

namespace {

template <class Scalar>
void compare_with_backprop(const RandomModel& model) {
  const RandomData<Scalar> data(model.graph, model.seed);
  NodeSettings<Scalar> settings;
  settings.optimizer = optimizer_for(model.seed);
  settings.source = &data;
  settings.seed = model.seed;
  const auto expected = four_trials(*make_reference_executor(model.graph, settings), model);
  settings.rule = fixed_prediction<Scalar>(1);
  std::uint64_t turn = model.seed;
  for (const NamedNetwork& network : link_models()) {
    settings.wake = turn++ % 2 == 0 ? Wake::gather : Wake::eager;
    CAPTURE(network.name);
    CAPTURE(static_cast<int>(settings.wake));
    const auto executor = make_virtual_time_executor(model.graph, settings, network.options);
    const auto actual = four_trials<Scalar>(*executor, model);
    for (std::size_t t = 0; t < expected.size(); ++t) {
      CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
      CHECK(actual[t].report.unsettled == 0);
    }
  }
}

}  // namespace

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit under every link model on 200 random graphs") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const RandomModel model = random_model(seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    if (seed % 2 == 0)
      compare_with_backprop<float>(model);
    else
      compare_with_backprop<double>(model);
  }
}

TEST_CASE("lockstep in virtual time is the Jacobi iteration to the last bit under every link model") {
  const std::vector<NamedNetwork> networks = link_models();
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const RulePtr<double>& rule : {fixed_prediction<double>(0.3), fixed_prediction<double>(1), strict<double>(0.1),
                                        incremental<double>(0.1), activation_relaxation<double>(0.3)}) {
      NodeSettings<double> settings;
      settings.pacing = Pacing::lockstep;
      settings.rule = rule;
      settings.steps = 7;
      settings.source = &data;
      settings.optimizer = optimizer_for(seed);
      const auto expected = four_trials(*make_reference_executor(model.graph, settings), model);
      for (std::size_t k = seed % 3; k < networks.size(); k += 3) {
        CAPTURE(networks[k].name);
        const auto actual =
            four_trials<double>(*make_virtual_time_executor(model.graph, settings, networks[k].options), model);
        for (std::size_t t = 0; t < expected.size(); ++t)
          CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
      }
    }
  }
}
