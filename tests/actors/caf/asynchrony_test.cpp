// Asynchrony proper: vertices act on whatever is there, and still settle where backprop points.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <sstream>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

struct Tally {
  std::uint64_t acts = 0;
  std::uint64_t vertices = 0;
  std::uint64_t messages = 0;
  double worst = 0;  // distance of gradients from backprop's, relative to their norm
  AgeHistogram ages{};
};

std::string describe(const Tally& tally) {
  std::ostringstream text;
  text << static_cast<double>(tally.acts) / static_cast<double>(tally.vertices) << " updates and "
       << static_cast<double>(tally.messages) / static_cast<double>(tally.vertices)
       << " messages per vertex, worst gradient " << tally.worst << " from backprop; used slots by age in versions:";
  for (std::size_t age = 0; age < tally.ages.size(); ++age)
    if (tally.ages[age] > 0) text << " " << age << ":" << tally.ages[age];
  return text.str();
}

// The same hundred graphs at one rate, on 1 to 4 threads.
Tally settle_all(double rate) {
  Tally tally;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    const Trial trial = model.trial(LearnMode::read_out);
    NodeSettings<double> settings;
    settings.seed = seed;
    settings.source = &data;
    const auto backprop = make_reference_executor(model.graph, settings);
    const Outcome<double> exact = observe_all(*backprop, *model.graph, trial);
    settings.rule = fixed_prediction<double>(rate);
    settings.wake = Wake::eager;
    settings.tolerance = 1e-12;
    settings.staleness = true;
    for (unsigned threads = 1; threads <= 4; ++threads) {
      const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = threads});
      const Outcome<double> settled = observe_all(*caf, *model.graph, trial);
      CAPTURE(seed);
      CAPTURE(model.text);
      CAPTURE(threads);
      CHECK(settled.report.unsettled == 0);
      CHECK_FALSE(settled.report.diverged);
      const double distance = gradient_distance(settled, exact);
      CHECK(distance < 1e-9);
      tally.worst = std::max(tally.worst, distance);
      tally.messages += settled.report.messages;
      for (const std::uint64_t acts : caf->acts()) {
        tally.acts += acts;
        tally.vertices += acts > 0 ? 1 : 0;
      }
      const AgeHistogram ages = caf->ages();
      for (std::size_t age = 0; age < ages.size(); ++age) tally.ages[age] += ages[age];
    }
  }
  MESSAGE("rate " << rate << ": " << describe(tally));
  return tally;
}

}  // namespace

TEST_CASE("eager vertices settle within 1e-9 of backprop's gradient at rate 0.1, on 100 graphs and 1 to 4 threads") {
  const Tally tally = settle_all(0.1);
  CHECK(tally.acts > 50 * tally.vertices);
}

TEST_CASE("eager vertices settle within 1e-9 of backprop's gradient at rate 0.5, on 100 graphs and 1 to 4 threads") {
  settle_all(0.5);
}

TEST_CASE("eager vertices settle within 1e-9 of backprop's gradient at rate 1, on 100 graphs and 1 to 4 threads") {
  const Tally tally = settle_all(1);
  std::uint64_t used = 0;
  for (const std::uint64_t count : tally.ages) used += count;
  CHECK(used > 0);
  CHECK(tally.acts >= tally.vertices);
}

TEST_CASE("eager strict relaxation on threads settles where lockstep does") {
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    const Trial trial = model.trial(LearnMode::read_out);
    NodeSettings<double> settings;
    settings.source = &data;
    settings.rule = strict<double>(0.05);
    settings.steps = 20000;
    const auto reference = make_reference_executor(model.graph, settings);
    const Outcome<double> expected = observe_all(*reference, *model.graph, trial);
    settings.wake = Wake::eager;
    settings.tolerance = 1e-12;
    for (const unsigned threads : {1U, 4U}) {
      const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = threads});
      CAPTURE(seed);
      CAPTURE(model.text);
      CHECK(gradient_distance(observe_all(*caf, *model.graph, trial), expected) < 1e-8);
    }
  }
}

TEST_CASE("a vertex that may act only so often stops there, is counted, and the run ends") {
  const RandomModel model = random_model(3);
  const RandomData<double> data(model.graph, 3);
  NodeSettings<double> settings;
  settings.source = &data;
  settings.rule = fixed_prediction<double>(0.1);
  settings.wake = Wake::eager;
  settings.tolerance = 1e-12;
  settings.steps = 5;
  const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
  const TrialReport<double> report = run_trial(*caf, model.trial(LearnMode::update));
  CHECK(report.unsettled > 0);
  for (const std::uint64_t acts : caf->acts()) CHECK(acts <= 5);
}
