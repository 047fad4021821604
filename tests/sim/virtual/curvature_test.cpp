// `value_rate = auto`: rates that follow a bound of the curvature.
#include "graph/curvature.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "actors/reference_executor.hpp"
#include "graph/reference.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// Free energies before each step of lockstep relaxation.
std::vector<double> energies(const RandomModel& model, std::uint64_t steps) {
  const RandomData<double> data(model.graph, model.seed);
  Reference<double> reference(model.graph, model.seed, {});
  reference.predict(model.trial(LearnMode::none), data);
  std::vector<double> result;
  reference.relax(*strict_by_curvature<double>(0), steps,
                  [&](std::uint64_t) { result.push_back(reference.free_energy()); });
  return result;
}

}  // namespace

TEST_CASE("at rates that follow curvature the free energy of a random graph never rises") {
  int relaxed = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    const RandomModel model = random_model(seed);
    const std::vector<double> energy = energies(model, 60);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (std::size_t t = 1; t < energy.size(); ++t) {
      CAPTURE(t);
      CHECK(energy[t] <= energy[t - 1] * (1 + 1e-12) + 1e-300);
    }
    relaxed += energy.back() < 0.9 * energy.front() ? 1 : 0;
  }
  CHECK(relaxed > 30);
}

TEST_CASE("rates that follow curvature are the same bits in virtual time and on the reference") {
  for (std::uint64_t seed = 200; seed < 230; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.rule = strict_by_curvature<double>(0);
    settings.pacing = Pacing::lockstep;
    settings.steps = 20;
    settings.seed = seed;
    settings.source = &data;
    const auto reference = make_reference_executor<double>(model.graph, settings);
    const auto virtual_time = make_virtual_time_executor<double>(model.graph, settings, NetworkOptions());
    const Trial trial = model.trial(LearnMode::read_out);
    CAPTURE(model.text);
    CHECK(first_difference(*model.graph, observe_all(*reference, *model.graph, trial),
                           observe_all(*virtual_time, *model.graph, trial)) == "");
  }
}
