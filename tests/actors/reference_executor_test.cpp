#include "actors/reference_executor.hpp"

#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("a rule without steps is refused by the reference executor") {
  const GraphPtr graph = parse_graph("x ~ input(1)\ny ~ normal(x)", "m.graph");
  NodeSettings<double> settings;
  settings.rule = strict<double>(0.1);
  CHECK_THROWS_AS(make_reference_executor(graph, settings), BadConfig);
}

TEST_CASE("before anything was read out there are no gradients") {
  const GraphPtr graph = parse_graph("x ~ input(1)\ny ~ normal(linear(x, 1))", "m.graph");
  const auto executor = make_reference_executor(graph, NodeSettings<double>{});
  for (VertexId id = 0; id < graph->size(); ++id) CHECK(executor->gradients(id).empty());
}

TEST_CASE("backprop's parameter gradients agree with central differences of the loss on random graphs") {
  for (std::uint64_t seed = 300; seed < 312; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.seed = seed;
    settings.source = &data;
    const auto executor = make_reference_executor(model.graph, settings);
    Trial trial = model.trial(LearnMode::read_out);
    run_trial(*executor, trial);
    std::map<std::string, Tensor<double>> gradients;
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      const auto& parameters = (*model.graph)[id].parameters;
      const auto read = executor->gradients(id);
      for (std::size_t k = 0; k < parameters.size(); ++k) gradients[parameters[k].name] = read[k];
    }
    trial.relax = false;
    const State<double> state = executor->save();
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const auto& entry : gradients) {
      const auto& name = entry.first;
      const auto& gradient = entry.second;
      const std::int64_t last = gradient.size() - 1;  // one component of each
      const auto loss = [&](double offset) {
        State<double> moved = state;
        moved.at(name).data()[last] += offset;
        executor->restore(moved, false);
        return run_trial(*executor, trial).loss;
      };
      constexpr double h = 1e-5;
      const double numeric = (loss(h) - loss(-h)) / (2 * h);
      CAPTURE(name);
      CHECK(std::abs(gradient.flat().back() - numeric) < 1e-6 * (1 + std::abs(numeric)));
    }
  }
}

TEST_CASE("mean reduction divides the learning step by the batch, and only that") {
  const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 1, bias=0))", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 1});
  model.batch = 4;
  const RandomData<double> data(graph, 1);
  double step[2], loss[2];
  for (const bool mean : {false, true}) {
    NodeSettings<double> settings;
    settings.source = &data;
    settings.mean_reduction = mean;
    const auto executor = make_reference_executor(graph, settings);
    const double before = executor->save().at("y.weight").flat()[0];
    loss[mean] = run_trial(*executor, model.trial(LearnMode::update)).loss;
    step[mean] = executor->save().at("y.weight").flat()[0] - before;
  }
  CHECK(loss[0] == loss[1]);
  CHECK(step[0] == doctest::Approx(4 * step[1]).epsilon(1e-12));
}

TEST_CASE("an id that an embedding does not have is reported as diverged and names the vertex") {
  const GraphPtr graph =
      parse_graph("x ~ input(1)\ne ~ normal(embedding(x, 3, 2))\ny ~ normal(linear(flatten(e), 1))", "m");
  class Ids final : public ClampSource<double> {
   public:
    void read(VertexId, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
      for (std::size_t row = 0; row < samples.size(); ++row) out.data()[row] = samples[row];
    }
  };
  const Ids ids;
  NodeSettings<double> settings;
  settings.source = &ids;
  const auto executor = make_reference_executor(graph, settings);
  Trial trial;
  trial.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  trial.samples = {0, 1, 2};
  CHECK_FALSE(run_trial(*executor, trial).diverged);
  trial.samples = {0, 3, 2};
  const TrialReport<double> report = run_trial(*executor, trial);
  REQUIRE(report.diverged);
  CHECK((*graph)[*report.diverged].name == "e");
}
