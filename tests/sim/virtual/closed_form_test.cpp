// Fixed prediction at rates below 1 under constant lateness, against theory: on a DAG, so on a chain, every path of k
// hops brings its share P(Binomial(...) >= k) of what backprop sends over it.
#include "graph/closed_form.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "tests/sim/virtual/recording.hpp"
#include "tests/support/path_sums.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::uint64_t kSteps = 24;

RandomModel chain() {
  RandomModel model;
  model.text =
      "x ~ input(3)\na ~ normal(tanh(linear(x, 4)))\nb ~ normal(tanh(linear(a, 4)), precision=2.5)\n"
      "c ~ normal(sin(linear(b, 4)))\nd ~ normal(tanh(linear(c, 4)))\ny ~ categorical(linear(d, 3))\n";
  model.graph = parse_graph(model.text, "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 5});
  model.batch = 2;
  return model;
}

// The largest deviation from the closed form, relative to a vertex's largest summand, over all samples up to kSteps.
double deviation(const RandomModel& model, NodeSettings<double> settings, const NetworkOptions& network,
                 const std::function<double(std::uint64_t, std::uint64_t)>& share) {
  const Graph& graph = *model.graph;
  const RandomData<double> data(model.graph, model.seed);
  settings.source = &data;
  settings.seed = model.seed;
  const Trial trial = model.trial(LearnMode::none);
  Reference<double> reference(model.graph, model.seed, {});
  reference.predict(trial, data);
  std::vector<std::vector<Tensor<double>>> by_hops(graph.size());
  PathSums paths(reference, trial.batch());
  for (std::uint64_t hops = 0; hops <= kSteps; ++hops) {
    for (VertexId id = 0; id < graph.size(); ++id) by_hops[id].push_back(paths.of(id));
    paths.hop();
  }
  Recording recording;
  const auto executor = make_virtual_time_executor(model.graph, settings, network);
  executor->observe_with(&recording);
  run_trial(*executor, trial);
  double largest = 0;
  std::uint64_t compared = 0;
  for (std::size_t row = 0; row < recording.rows.size(); ++row) {
    const bool first = row == 0 && settings.pacing == Pacing::asynchronous;
    const std::uint64_t t = settings.pacing == Pacing::lockstep ? recording.rows[row].step : recording.rows[row].tick;
    if (first || t > kSteps) continue;
    ++compared;
    for (VertexId id = 0; id < graph.size(); ++id) {
      if ((*model.clamped)[id] || graph[id].kind == VertexKind::parameter) continue;
      std::vector<double> expected(by_hops[id][0].flat().size(), 0.0);
      double scale = 1e-300;
      for (std::uint64_t hops = 1; hops <= kSteps; ++hops)
        for (std::size_t i = 0; i < expected.size(); ++i) {
          const double part = share(t, hops) * by_hops[id][hops].data()[i];
          expected[i] += part;
          scale = std::max(scale, std::abs(part));
        }
      for (std::size_t i = 0; i < expected.size(); ++i)
        largest = std::max(largest, std::abs(recording.rows[row].errors[id].data()[i] - expected[i]) / scale);
    }
  }
  CHECK(compared >= 10);
  return largest;
}

std::vector<RandomModel> models() {
  std::vector<RandomModel> list = {chain()};
  for (std::uint64_t seed = 300; seed < 330; ++seed) list.push_back(random_model(seed));
  return list;
}

}  // namespace

TEST_CASE("in lockstep with a delay of d steps a path of k hops brings P(Binomial(t - (k - 1) d, rate) >= k)") {
  for (const RandomModel& model : models())
    for (const std::uint32_t delay : {0U, 1U, 3U})
      for (const double rate : {0.1, 0.5, 1.0}) {
        CAPTURE(model.text);
        CAPTURE(delay);
        CAPTURE(rate);
        NodeSettings<double> settings;
        settings.rule = fixed_prediction<double>(rate);
        settings.pacing = Pacing::lockstep;
        settings.steps = kSteps;
        NetworkOptions network;
        network.delay = delay;
        CHECK(deviation(model, settings, network, [&](std::uint64_t t, std::uint64_t hops) {
                return received_share_delayed(t, hops, rate, delay);
              }) < 3e-14);
      }
}

TEST_CASE("with eager acts and messages of L ticks a path of k hops brings P(Binomial(t - k (L - 1), rate) >= k)") {
  for (const RandomModel& model : models())
    for (const std::uint64_t latency : {1U, 2U, 4U})
      for (const double rate : {0.1, 0.5}) {
        CAPTURE(model.text);
        CAPTURE(latency);
        CAPTURE(rate);
        NodeSettings<double> settings;
        settings.rule = fixed_prediction<double>(rate);
        settings.wake = Wake::eager;
        settings.steps = kSteps + 2;
        NetworkOptions network;
        network.link.latency = constant_number(static_cast<double>(latency));
        network.sample_every = 1;
        CHECK(deviation(model, settings, network, [&](std::uint64_t t, std::uint64_t hops) {
                return received_share_in_flight(t, hops, rate, latency);
              }) < 3e-14);
      }
}
