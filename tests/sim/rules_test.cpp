// Every rule over every executor: lockstep alike to the last bit, asynchronously to the same fixed points.
#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "graph/levelling.hpp"
#include "graph/straight_through.hpp"
#include "sim/relax_defaults.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// The same with the outputs held and nothing else but inputs, levelled.
RandomModel levelled_model(std::uint64_t seed) {
  RandomModel model = random_model(seed);
  model.graph = levelled(model.graph);
  std::vector<VertexId> held(model.graph->inputs().begin(), model.graph->inputs().end());
  held.insert(held.end(), model.graph->outputs().begin(), model.graph->outputs().end());
  model.clamped = clamp_set(*model.graph, held);
  return model;
}

}  // namespace

TEST_CASE("the new rules in lockstep are the Jacobi iteration to the last bit on actors and in virtual time") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    for (const RulePtr<double>& rule : {incremental<double>(0.05), activation_relaxation<double>(0.2),
                                        activation_relaxation<double>(1), zero_divergence<double>()}) {
      const RandomModel model = rule->timed() ? levelled_model(seed) : random_model(seed);
      const RandomData<double> data(model.graph, seed);
      CAPTURE(seed);
      CAPTURE(rule->name());
      CAPTURE(model.text);
      NodeSettings<double> settings = settings_of(rule, Pacing::lockstep, &data);
      settings.steps = 12;
      settings.seed = seed;
      settings.optimizer = optimizer_for(seed);
      settings.optimizer.learning_rate = 0.002;
      const auto reference = make_reference_executor(model.graph, settings);
      const std::vector<Outcome<double>> expected = four_trials(*reference, model);
      for (const auto& entry : actors()) {
        CAPTURE(entry.first);
        const auto executor = entry.second(model.graph, settings);
        const std::vector<Outcome<double>> actual = four_trials(*executor, model);
        for (std::size_t t = 0; t < actual.size(); ++t) {
          CAPTURE(t);
          CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
        }
      }
    }
  }
}

TEST_CASE(
    "without derivatives of activations, any executor settles fixed prediction in the bits of one reverse sweep") {
  const GraphPtr graph = straight_through(*parse_graph(
      "x ~ input(4)\na ~ normal(tanh(linear(x, 5)))\nb ~ normal(sigmoid(linear(a, 5)) + a)\ny ~ normal(linear(b, 2))",
      "m.graph"));
  RandomModel model;
  model.graph = graph;
  model.batch = 3;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 3});
  const RandomData<double> data(graph, 3);
  NodeSettings<double> settings = settings_of(nullptr, Pacing::asynchronous, &data);
  const std::vector<Outcome<double>> expected = four_trials(*make_reference_executor(graph, settings), model);
  settings.rule = fixed_prediction<double>(1);
  for (const auto& entry : actors()) {
    CAPTURE(entry.first);
    const auto executor = entry.second(graph, settings);
    const std::vector<Outcome<double>> actual = four_trials(*executor, model);
    for (std::size_t t = 0; t < actual.size(); ++t) CHECK(first_difference(*graph, actual[t], expected[t]) == "");
  }
}

TEST_CASE("activation relaxation settles asynchronously at backprop's gradient, gathered and eager") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    const Trial trial = model.trial(LearnMode::read_out);
    NodeSettings<double> settings = settings_of(nullptr, Pacing::asynchronous, &data);
    const auto backprop = make_reference_executor(model.graph, settings);
    const Outcome<double> exact = observe_all(*backprop, *model.graph, trial);
    for (const double rate : {0.1, 1.0})
      for (const Wake wake : {Wake::gather, Wake::eager})
        for (const auto& entry : actors()) {
          CAPTURE(rate);
          CAPTURE(entry.first);
          settings.rule = activation_relaxation<double>(rate);
          settings.wake = wake;
          settings.tolerance = rate == 1 ? 0 : 1e-12;
          const auto executor = entry.second(model.graph, settings);
          const Outcome<double> settled = observe_all(*executor, *model.graph, trial);
          CHECK(settled.report.unsettled == 0);
          CHECK(gradient_distance(settled, exact) < (rate == 1 ? 1e-300 : 1e-8));
        }
  }
}

TEST_CASE("incremental relaxation that does not learn settles asynchronously where strict relaxation does") {
  OptimizerSettings still;
  still.learning_rate = 0;
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    const RandomModel model = random_model(seed, true);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(strict<double>(0.05), Pacing::lockstep, &data);
    settings.optimizer = still;
    settings.steps = 20000;
    const auto reference = make_reference_executor(model.graph, settings);
    const Outcome<double> expected = observe_all(*reference, *model.graph, model.trial(LearnMode::none));
    settings.rule = incremental<double>(0.05);
    settings.pacing = Pacing::asynchronous;
    settings.tolerance = 1e-12;
    for (const LearnMode learn : {LearnMode::none, LearnMode::update})
      for (const auto& entry : actors()) {
        CAPTURE(entry.first);
        const auto executor = entry.second(model.graph, settings);
        const Outcome<double> settled = observe_all(*executor, *model.graph, model.trial(learn));
        Distance distance;
        for (VertexId id = 0; id < model.graph->size(); ++id)
          distance.add(settled.values[id].flat(), expected.values[id].flat());
        CHECK(distance.relative() < 1e-8);
      }
  }
}

TEST_CASE(
    "incremental relaxation with learning, asynchronously, brings the loss of one batch down from trial to trial") {
  const GraphPtr graph = parse_graph(
      "x ~ input(6)\nb ~ parameter(5, init=0)\nh ~ normal(tanh(linear(x, 5) + b))\ny ~ normal(linear(h, 3))",
      "m.graph");
  RandomModel model;
  model.graph = graph;
  model.batch = 8;
  std::vector<VertexId> held = {graph->find("x").value(), graph->find("y").value()};
  model.clamped = clamp_set(*graph, held);
  const RandomData<double> data(graph, 2);
  NodeSettings<double> settings = settings_of(incremental<double>(0.1), Pacing::asynchronous, &data);
  settings.optimizer.learning_rate = 0.01;
  settings.tolerance = 1e-6;
  settings.steps = 100;
  for (const auto& entry : actors()) {
    CAPTURE(entry.first);
    const auto executor = entry.second(graph, settings);
    const State<double> before = executor->save();
    const double first = run_trial(*executor, model.trial(LearnMode::none)).loss;
    for (const auto& [name, tensor] : executor->save()) CHECK(same_bits(tensor, before.at(name)));
    for (int k = 0; k < 30; ++k) CHECK_FALSE(run_trial(*executor, model.trial(LearnMode::update)).diverged);
    const double last = run_trial(*executor, model.trial(LearnMode::none)).loss;
    CHECK(last < 0.5 * first);
    CHECK_FALSE(same_bits(executor->save().at("b"), before.at("b")));
  }
}

TEST_CASE(
    "zero_divergence asynchronously, at another rate, on a cycle or with too few steps is refused with a remedy") {
  RuleChoice choice;
  choice.rule = "zero_divergence";
  CHECK_THROWS_WITH_AS(node_settings<double>(choice),
                       "zero_divergence counts the steps that errors travel: it needs relax.pacing = lockstep",
                       BadConfig);
  choice.pacing = Pacing::lockstep;
  const GraphPtr graph = parse_graph(
      "x ~ input(2)\na ~ normal(linear(x, 2))\nb ~ normal(linear(a, 2))\ny ~ normal(linear(b, 2) + a)", "m.graph");
  RuleChoice fitted = choice;
  CHECK(fit_model(graph, fitted)->size() == graph->size() + 1);
  CHECK(fitted.steps == 2);
  CHECK(node_settings<double>(fitted).steps == 2);
  fitted.value_rate = 0.5;
  CHECK_THROWS_AS(node_settings<double>(fitted), BadConfig);
  fitted.steps = 1;
  CHECK_THROWS_WITH_AS(fit_model(graph, fitted),
                       "zero_divergence needs as many steps as the model has levels: relax.steps = 2, not 1",
                       BadConfig);
  fitted.insert_levels = false;
  CHECK_THROWS_WITH_AS(fit_model(graph, fitted), doctest::Contains("the edge from 'a' to 'y' skips levels"), BadConfig);
  const GraphPtr cyclic =
      parse_graph("x ~ input(2)\nh ~ normal(tanh(linear(concat(x, h), 2)), shape=2)\ny ~ normal(h)", "m.graph");
  CHECK_THROWS_WITH_AS(fit_model(cyclic, choice), doctest::Contains("h -> h"), BadConfig);
  NodeSettings<double> settings;
  settings.rule = zero_divergence<double>();
  settings.steps = 2;
  CHECK_THROWS_AS(make_caf_executor<double>(graph, settings, {}), BadConfig);
  settings.pacing = Pacing::lockstep;
  NetworkOptions late = network_options(NetworkConfig());
  late.delay = 1;
  CHECK_THROWS_WITH_AS(make_virtual_time_executor<double>(graph, settings, late),
                       doctest::Contains("network.delay shifts the steps"), BadConfig);
}

TEST_CASE("zero_divergence refuses clamped vertices with children and hidden precisions that are no number, by name") {
  const GraphPtr graph = parse_graph(
      "x ~ input(2)\ns ~ parameter(2)\na ~ normal(linear(x, 2), precision=exp(s))\ny ~ normal(linear(a, 2))",
      "m.graph");
  const auto held = [&](std::vector<std::string> names) {
    std::vector<VertexId> ids;
    for (const std::string& name : names) ids.push_back(graph->find(name).value());
    return *clamp_set(*graph, ids);
  };
  CHECK_THROWS_WITH_AS(check_model(*graph, held({"x", "y"}), "zero_divergence"),
                       doctest::Contains("vertex 'a' has a precision that is not one number"), BadConfig);
  CHECK_THROWS_WITH_AS(check_model(*graph, held({"x", "a", "y"}), "zero_divergence"),
                       doctest::Contains("vertex 'a' is clamped and has children"), BadConfig);
  for (const std::string rule : {"fixed_prediction", "strict", "incremental", "activation_relaxation"})
    CHECK_NOTHROW(check_model(*graph, held({"x", "y"}), rule));
  CHECK_NOTHROW(check_model(*graph, held({"y"}), "incremental"));
  CHECK_THROWS_AS(check_model(*graph, held({"y"}), "activation_relaxation"), BadConfig);
}

TEST_CASE("what executors run is the fitted model, or one of the same vertices without derivatives of activations") {
  const GraphPtr graph =
      parse_graph("x ~ input(2)\nh ~ normal(tanh(linear(x, 2)))\ny ~ normal(linear(h, 2))", "m.graph");
  RuleChoice choice;
  CHECK(model_to_run(graph, choice) == graph);
  choice.nonlinear_derivative = false;
  for (const std::string rule : {"fixed_prediction", "strict", "incremental", "activation_relaxation"}) {
    choice.rule = rule;
    const GraphPtr run = model_to_run(graph, choice);
    CHECK(run != graph);
    REQUIRE(run->size() == graph->size());
    for (VertexId id = 0; id < run->size(); ++id) CHECK((*run)[id].name == (*graph)[id].name);
  }
  for (const std::string rule : {"zero_divergence", "backprop"}) {
    choice.rule = rule;
    CHECK_THROWS_WITH_AS(model_to_run(graph, choice), doctest::Contains("rule.nonlinear_derivative = off"), BadConfig);
  }
}

TEST_CASE("a learned precision of the output learns under every rule, towards the inverse of the squared error") {
  // y ~ N(0 * x, p): p rests at 1 / mean of y^2.
  const GraphPtr graph = parse_graph(
      "x ~ input(1)\ns ~ parameter(1, init=0)\nh ~ normal(0 * x)\ny ~ normal(0 * h, precision=exp(s))", "m.graph");
  RandomModel model;
  model.graph = graph;
  model.batch = 16;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{graph->find("x").value(), graph->find("y").value()});
  const RandomData<double> data(graph, 3);
  for (const RulePtr<double>& rule : {fixed_prediction<double>(1), strict<double>(0.1), incremental<double>(0.1),
                                      zero_divergence<double>(), activation_relaxation<double>(1)}) {
    for (const auto& entry : actors())
      for (const Pacing pacing : {Pacing::lockstep, Pacing::asynchronous}) {
        if (rule->timed() && pacing == Pacing::asynchronous) continue;
        CAPTURE(rule->name());
        CAPTURE(entry.first);
        NodeSettings<double> settings = settings_of(rule, pacing, &data);
        settings.steps = 5;
        settings.optimizer.learning_rate = 0.3;
        const auto executor = entry.second(graph, settings);
        for (int k = 0; k < 300; ++k) run_trial(*executor, model.trial(LearnMode::update));
        const Tensor<double> y = executor->observe(graph->find("y").value(), Quantity::value);
        double square = 0;
        for (const double each : y.flat()) square += each * each / 16;
        CHECK(std::exp(executor->save().at("s").data()[0]) == doctest::Approx(1 / square).epsilon(1e-6));
      }
  }
}
