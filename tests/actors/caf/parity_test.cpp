// What every executor must do alike: lockstep is a function of the model and the data, not of who runs it.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/oracle_cases.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

std::vector<std::pair<std::string, Factory>> factories() {
  NetworkOptions overtaking;
  overtaking.link.latency = constant_number(3);
  overtaking.link.jitter = 5;
  std::vector<std::pair<std::string, Factory>> list = actors(overtaking);
  list.insert(list.begin(), {"reference", make_reference_executor<double>});
  return list;
}

NodeSettings<double> lockstep(RulePtr<double> rule, std::uint64_t steps, const ClampSource<double>* source) {
  NodeSettings<double> settings;
  settings.pacing = Pacing::lockstep;
  settings.rule = std::move(rule);
  settings.steps = steps;
  settings.source = source;
  return settings;
}

}  // namespace

TEST_CASE("lockstep on actors is the Jacobi iteration to the last bit on 60 random graphs, for 1, 2 and 4 threads") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const RulePtr<double>& rule : {fixed_prediction<double>(0.3), fixed_prediction<double>(1), strict<double>(0.1),
                                        strict_by_curvature<double>(0)}) {
      NodeSettings<double> settings = lockstep(rule, 7, &data);
      settings.optimizer = optimizer_for(seed);
      const auto reference = make_reference_executor(model.graph, settings);
      std::vector<Outcome<double>> expected;
      const auto trial = [&](std::uint64_t number) {
        return model.trial(number == 0 ? LearnMode::read_out : LearnMode::update, number);
      };
      for (std::uint64_t number = 0; number < 3; ++number)
        expected.push_back(observe_all(*reference, *model.graph, trial(number)));
      for (const unsigned threads : {1U, 2U, 4U}) {
        const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = threads});
        for (std::uint64_t number = 0; number < 3; ++number) {
          CAPTURE(threads);
          CAPTURE(number);
          const Outcome<double> actual = observe_all(*caf, *model.graph, trial(number));
          CHECK(first_difference(*model.graph, actual, expected[number]) == "");
        }
      }
    }
  }
}

TEST_CASE(
    "every executor: at rate 0.5 with 3 steps a layer d hops away gets P(Binomial(3, 0.5) >= d) of its gradient") {
  const GraphPtr graph = parse_graph(R"(
x ~ input(4)
a ~ normal(tanh(linear(x, 5)))
b ~ normal(tanh(linear(a, 5)), precision=3)
c ~ normal(tanh(linear(b, 5)))
d ~ normal(tanh(linear(c, 5)))
y ~ categorical(linear(d, 3))
)",
                                     "chain.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 5});
  model.batch = 3;
  const RandomData<double> data(graph, 1);
  NodeSettings<double> settings;
  settings.source = &data;
  const auto backprop = make_reference_executor(graph, settings);
  run_trial(*backprop, model.trial(LearnMode::read_out));
  const double share[] = {1, 7.0 / 8, 4.0 / 8, 1.0 / 8, 0};
  for (const auto& entry : factories()) {
    const auto& name = entry.first;
    const auto& make = entry.second;
    CAPTURE(name);
    const auto executor = make(graph, lockstep(fixed_prediction<double>(0.5), 3, &data));
    run_trial(*executor, model.trial(LearnMode::read_out));
    for (VertexId id = 1; id <= 5; ++id)
      for (std::size_t k = 0; k < 2; ++k) {
        Tensor<double> expected = backprop->gradients(id)[k];
        for (double& x : expected.flat()) x *= share[5 - id];
        Distance distance;
        const Tensor<double> actual = executor->gradients(id)[k];
        distance.add(actual.flat(), expected.flat());
        CAPTURE(id);
        CHECK(distance.relative() < 1e-14);
      }
  }
}

TEST_CASE("every executor follows the stored trajectories after restoring the stored parameters") {
  for (const OracleCase& oracle : oracle_cases()) {
    const GraphPtr graph = parse_graph(oracle.text, oracle.name);
    const OracleData data(oracle, *graph);
    CAPTURE(oracle.name);
    CAPTURE(oracle.granularity);
    const auto check = [&](const RulePtr<double>& rule, std::uint64_t steps, double sign, const std::string& stored) {
      const std::vector<double> expected = read_npy(test_data("trajectories/" + stored)).values;
      for (const auto& entry : factories()) {
        const auto& name = entry.first;
        const auto& make = entry.second;
        CAPTURE(name);
        const auto executor = make(graph, lockstep(rule, steps, &data));
        executor->restore(oracle_parameters(oracle), true);
        run_trial(*executor, data.trial());
        std::vector<double> errors;
        for (const std::string& vertex : oracle.vertices) {
          const Tensor<double> xi = executor->observe(graph->find(vertex).value(), Quantity::weighted_error);
          for (const double x : xi.flat()) errors.push_back(sign * x);
        }
        Distance distance;
        distance.add(std::span<const double>(errors), std::span<const double>(expected));
        CHECK(distance.relative() < 1e-10);
      }
    };
    const std::string folder = oracle.name + "/" + oracle.granularity + "/";
    if (oracle.fixed_prediction) check(fixed_prediction<double>(0.1), 20, -1, "fpa/" + folder + "eta0.1_eps_t20");
    if (oracle.strict) check(strict<double>(0.1), 100, 1, "il/" + folder + "eps_t100");
  }
}

TEST_CASE("every executor: a free input relaxes to what explains the output, and a trial without relax only predicts") {
  const GraphPtr graph = parse_graph("x ~ input(1)\ny ~ normal(3 * x)", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{1});
  const RandomData<double> data(graph, 5);
  for (const auto& entry : factories()) {
    const auto& name = entry.first;
    const auto& make = entry.second;
    CAPTURE(name);
    const auto executor = make(graph, lockstep(strict<double>(0.1), 200, &data));
    Trial trial = model.trial(LearnMode::none);
    trial.relax = false;
    const TrialReport<double> predicted = run_trial(*executor, trial);
    const double y = executor->observe(1, Quantity::value).flat()[0];
    CHECK(predicted.loss == doctest::Approx(0.5 * y * y).epsilon(1e-14));
    CHECK(predicted.free_energy == 0);
    REQUIRE(predicted.predictions.size() == 1);
    CHECK(predicted.predictions[0]->flat()[0] == 0);
    trial.relax = true;
    const TrialReport<double> relaxed = run_trial(*executor, trial);
    CHECK(executor->observe(0, Quantity::value).flat()[0] == doctest::Approx(y / 3).epsilon(1e-12));
    CHECK(relaxed.free_energy < 1e-20);
    trial.learn = LearnMode::read_out;
    run_trial(*executor, trial);
    CHECK(executor->gradients(0).empty());  // only what is clamped has a gradient to read out
  }
}

TEST_CASE("every executor: batch sizes, clamp sets and kinds of trial may change from trial to trial") {
  const RandomModel model = random_model(18);
  const RandomData<double> data(model.graph, 3);
  std::vector<Outcome<double>> expected;
  for (const auto& entry : factories()) {
    CAPTURE(entry.first);
    const auto& make = entry.second;
    NodeSettings<double> settings = lockstep(fixed_prediction<double>(0.5), 5, &data);
    const auto executor = make(model.graph, settings);
    std::vector<Outcome<double>> outcomes;
    for (std::uint64_t number = 0; number < 12; ++number) {
      Trial trial = model.trial(number % 3 == 0 ? LearnMode::none : LearnMode::update, number);
      trial.samples.resize(1 + number % 5, static_cast<std::uint32_t>(number));
      trial.relax = number % 4 != 0;
      if (number % 4 == 2)  // only inputs are held: nothing is in error
        trial.clamped = clamp_set(*model.graph, model.graph->inputs());
      outcomes.push_back(observe_all(*executor, *model.graph, trial));
      if (number % 4 == 2) CHECK(outcomes.back().report.free_energy == 0);
    }
    if (expected.empty()) expected = std::move(outcomes);
    for (std::size_t t = 0; t < outcomes.size(); ++t) {
      CAPTURE(t);
      CHECK(first_difference(*model.graph, outcomes[t], expected[t]) == "");
    }
  }
}

TEST_CASE("every executor: a precision that is not positive names its vertex as diverged, and nothing learns from it") {
  const GraphPtr graph = parse_graph(
      "x ~ input(2)\nh ~ normal(linear(x, 2))\nk ~ normal(linear(h, 2))\ny ~ normal(linear(k, 2), precision=h - 100)",
      "m.graph");
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 3});
  const RandomData<double> data(graph, 1);
  for (const RulePtr<double>& rule : {fixed_prediction<double>(1), strict<double>(0.1)})
    for (const auto& entry : factories()) {
      CAPTURE(entry.first);
      const auto executor = entry.second(graph, lockstep(rule, 5, &data));
      const State<double> before = executor->save();
      for (const bool relax : {false, true}) {
        Trial trial = model.trial(LearnMode::update);
        trial.relax = relax;
        CHECK(run_trial(*executor, trial).diverged == 3);
        for (const auto& [name, tensor] : executor->save()) CHECK(same_bits(tensor, before.at(name)));
      }
    }
}

TEST_CASE("an executor on actors refuses to run without a rule, or in lockstep without steps") {
  const GraphPtr graph = parse_graph("x ~ input(1)\ny ~ normal(x)", "m.graph");
  CHECK_THROWS_AS(make_caf_executor<double>(graph, NodeSettings<double>{}, {}), BadConfig);
  NodeSettings<double> settings = lockstep(strict<double>(0.1), 1, nullptr);
  settings.steps.reset();
  CHECK_THROWS_AS(make_caf_executor<double>(graph, settings, {}), BadConfig);
}
