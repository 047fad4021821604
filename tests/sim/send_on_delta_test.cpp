// What is worth a message: a tolerance of its own, whose price in gradient and gain in messages are known.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "sim/relax_defaults.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr VertexId kLast = 6;  // x, five hidden vertices and y

// One number a vertex, so that weights and errors multiply up by hand.
RandomModel chain() {
  RandomModel model;
  std::string text = "x ~ input(1)\n";
  for (VertexId id = 1; id <= kLast; ++id)
    text += "v" + std::to_string(id) + " ~ normal(linear(" + (id == 1 ? "x" : "v" + std::to_string(id - 1)) +
            ", 1, bias=0))\n";
  model.graph = parse_graph(text, "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, kLast});
  return model;
}

// x is 1 and the output's target `away` from its prediction.
class ChainData final : public ClampSource<double> {
 public:
  explicit ChainData(double target) : target_(target) {}
  void read(VertexId id, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    out.data()[0] = id == 0 ? 1 : target_;
  }

 private:
  double target_;
};

State<double> weights_of(std::uint64_t seed) {
  RandomStream random(seed, "weights", "test");
  State<double> weights;
  for (VertexId id = 1; id <= kLast; ++id) {
    Tensor<double> weight(Shape{1, 1});
    weight.fill(0.5 + random.uniform());
    weights["v" + std::to_string(id) + ".weight"] = std::move(weight);
  }
  return weights;
}

double weight(const State<double>& weights, VertexId id) {
  return weights.at("v" + std::to_string(id) + ".weight").data()[0];
}

struct Chain {
  std::vector<double> values{1};  // feed-forward
  std::vector<double> exact;      // errors at rest
};

Chain chain_of(const State<double>& weights, double target) {
  Chain chain;
  for (VertexId id = 1; id <= kLast; ++id) chain.values.push_back(chain.values.back() * weight(weights, id));
  chain.exact.resize(kLast + 1);
  chain.exact[kLast] = target - chain.values[kLast];
  for (VertexId id = kLast - 1; id >= 1; --id) chain.exact[id] = weight(weights, id + 1) * chain.exact[id + 1];
  return chain;
}

// Slow enough that a vertex acts many times, settled far below what is worth a message.
NodeSettings<double> slow_settings(const ClampSource<double>* source) {
  NodeSettings<double> settings = settings_of(fixed_prediction<double>(0.3), Pacing::asynchronous, source);
  settings.tolerance = 1e-14;
  return settings;
}

constexpr double kSlack = 1e-12;  // of what has settled

}  // namespace

TEST_CASE("on a chain an absolute tolerance t leaves E_k <= t + |w_k+1| E_k+1 of each error and |v_k-1| E_k of w_k") {
  const RandomModel model = chain();
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (const double tolerance : {1e-6, 1e-3, 0.05, 0.3})
      for (const auto& entry : actors()) {
        CAPTURE(seed);
        CAPTURE(tolerance);
        CAPTURE(entry.first);
        const State<double> weights = weights_of(seed);
        const ChainData data(3);
        const Chain expected = chain_of(weights, 3);
        NodeSettings<double> settings = slow_settings(&data);
        settings.send_tolerance = tolerance;
        settings.send_delta = SendDelta::absolute;
        const auto executor = entry.second(model.graph, settings);
        executor->restore(weights, false);
        const Outcome<double> settled = observe_all(*executor, *model.graph, model.trial(LearnMode::read_out));
        CHECK(settled.report.unsettled == 0);
        double bound = 0;
        double missed = 0;
        for (VertexId id = kLast; id >= 1; --id) {
          CAPTURE(id);
          if (id < kLast) bound = tolerance + std::abs(weight(weights, id + 1)) * bound;
          const double error = std::abs(settled.errors[id].data()[0] - expected.exact[id]);
          CHECK(error <= bound + kSlack);
          const double of_weight = settled.gradients[id][0].data()[0] + expected.exact[id] * expected.values[id - 1];
          CHECK(std::abs(of_weight) <= std::abs(expected.values[id - 1]) * bound + kSlack);
          missed = std::max(missed, error);
        }
        CHECK(missed > tolerance / 100);  // it does save messages
      }
}

TEST_CASE("a relative tolerance t leaves each error of a chain within (1 -+ t)^hops of its own, however small it is") {
  const RandomModel model = chain();
  for (const double away : {1.0, 1e-9})
    for (const double tolerance : {1e-3, 0.1, 0.4})
      for (const auto& entry : actors()) {
        CAPTURE(away);
        CAPTURE(tolerance);
        CAPTURE(entry.first);
        const State<double> weights = weights_of(3);
        const double target = chain_of(weights, 0).values[kLast] + away;
        const ChainData data(target);
        const Chain expected = chain_of(weights, target);
        NodeSettings<double> settings = slow_settings(&data);
        settings.tolerance = 1e-20;
        settings.send_tolerance = tolerance;
        settings.send_delta = SendDelta::relative;
        const auto executor = entry.second(model.graph, settings);
        executor->restore(weights, false);
        const Outcome<double> settled = observe_all(*executor, *model.graph, model.trial(LearnMode::none));
        CHECK(settled.report.unsettled == 0);
        for (VertexId id = 1; id < kLast; ++id) {
          CAPTURE(id);
          const double share = settled.errors[id].data()[0] / expected.exact[id];
          const int hops = static_cast<int>(kLast - id);
          CHECK(share >= std::pow(1 - tolerance, hops) - 1e-6);
          CHECK(share <= std::pow(1 + tolerance, hops) + 1e-6);
        }
        if (away == 1) continue;
        // Absolute and mixed, nothing so small is worth a message: only values of predict and first reports go out.
        for (const SendDelta delta : {SendDelta::absolute, SendDelta::mixed}) {
          settings.send_delta = delta;
          const auto deaf = entry.second(model.graph, settings);
          deaf->restore(weights, false);
          const Outcome<double> silent = observe_all(*deaf, *model.graph, model.trial(LearnMode::none));
          CHECK(silent.report.messages == kLast + (kLast - 1));
          CHECK(settled.report.messages > silent.report.messages);
        }
      }
}

TEST_CASE("what comes back to zero is told, however much a relative tolerance forgives") {
  // y1's feedback raises h's error, y2's, later, cancels it.
  const GraphPtr graph = parse_graph(
      "x ~ input(1)\ng ~ normal(2 * x)\nh ~ normal(3 * g)\ny1 ~ normal(1 * h)\ny2 ~ normal(1 * h)", "m.graph");
  class Opposed final : public ClampSource<double> {
   public:
    void read(VertexId id, std::span<const std::uint32_t>, Tensor<double>& out) const override {
      out.data()[0] = id == 0 ? 1 : id == 3 ? 6.25 : 5.75;
    }
  } data;
  RandomModel model;
  model.graph = graph;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 3, 4});
  NodeSettings<double> settings = settings_of(fixed_prediction<double>(1), Pacing::asynchronous, &data);
  NetworkConfig config;
  config.links = "from y2 to h: latency = 50";
  const auto error_of_g = [&](SendDelta delta, double tolerance) {
    settings.send_delta = delta;
    settings.send_tolerance = tolerance;
    const auto executor = make_virtual_time_executor(graph, settings, network_options(config));
    run_trial(*executor, model.trial(LearnMode::none));
    CHECK(executor->observe(2, Quantity::weighted_error).data()[0] == 0);
    return executor->observe(1, Quantity::weighted_error).data()[0];
  };
  CHECK(error_of_g(SendDelta::relative, 0.99) == 0);
  CHECK(error_of_g(SendDelta::absolute, 0.7) == 0);
  CHECK(error_of_g(SendDelta::mixed, 0.7) == 0);
  CHECK(error_of_g(SendDelta::absolute, 0.8) == 0);  // 0.75 is never worth a message
}

TEST_CASE("at send tolerance 0 the gradient is backprop's to the last bit, whatever counts as settled") {
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    NodeSettings<double> settings = settings_of(nullptr, Pacing::asynchronous, &data);
    const auto backprop = make_reference_executor(model.graph, settings);
    const Outcome<double> exact = observe_all(*backprop, *model.graph, model.trial(LearnMode::read_out));
    settings.rule = fixed_prediction<double>(1);
    settings.tolerance = 0.5;
    settings.send_tolerance = 0;
    for (const SendDelta delta : {SendDelta::mixed, SendDelta::absolute, SendDelta::relative})
      for (const auto& entry : actors()) {
        CAPTURE(entry.first);
        settings.send_delta = delta;
        const auto executor = entry.second(model.graph, settings);
        const Outcome<double> settled = observe_all(*executor, *model.graph, model.trial(LearnMode::read_out));
        CHECK(first_difference(*model.graph, settled, exact) == "");
      }
  }
}

TEST_CASE("the larger the tolerance, the fewer messages and the farther the gradient, on random graphs") {
  for (const auto& entry : actors())
    for (const SendDelta delta : {SendDelta::mixed, SendDelta::absolute, SendDelta::relative}) {
      CAPTURE(entry.first);
      std::uint64_t messages_before = UINT64_MAX;
      double missed_before = 0;
      for (const double tolerance : {0.0, 1e-8, 1e-4, 1e-2, 0.2}) {
        std::uint64_t messages = 0;
        Distance missed;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
          const RandomModel model = random_model(seed);
          const RandomData<double> data(model.graph, seed);
          const Trial trial = model.trial(LearnMode::read_out);
          NodeSettings<double> settings = settings_of(nullptr, Pacing::asynchronous, &data);
          const auto backprop = make_reference_executor(model.graph, settings);
          const Outcome<double> exact = observe_all(*backprop, *model.graph, trial);
          settings.rule = fixed_prediction<double>(0.3);
          settings.tolerance = 1e-13;
          settings.send_tolerance = tolerance;
          settings.send_delta = delta;
          const auto executor = entry.second(model.graph, settings);
          const Outcome<double> settled = observe_all(*executor, *model.graph, trial);
          CHECK(settled.report.unsettled == 0);
          messages += settled.report.messages;
          missed.difference += std::pow(gradient_distance(settled, exact), 2);
          missed.norm += 1;
        }
        CAPTURE(tolerance);
        MESSAGE(entry.first << " tolerance " << tolerance << ": " << messages << " messages, gradient "
                            << missed.relative() << " from backprop");
        CHECK(messages < messages_before);
        CHECK(missed.relative() >= missed_before);
        messages_before = messages;
        missed_before = missed.relative();
      }
    }
}

TEST_CASE("in lockstep the keys of send-on-delta are refused by name") {
  RuleChoice choice;
  choice.send_tolerance = 0.1;
  CHECK(node_settings<double>(choice).send_tolerance == 0.1);
  choice.pacing = Pacing::lockstep;
  choice.steps = 3;
  CHECK_THROWS_WITH_AS(node_settings<double>(choice), doctest::Contains("relax.send_tolerance"), BadConfig);
  choice.send_tolerance.reset();
  CHECK_NOTHROW(node_settings<double>(choice));
  choice.send_delta = SendDelta::relative;
  CHECK_THROWS_WITH_AS(node_settings<double>(choice), doctest::Contains("relax.send_delta"), BadConfig);
}
