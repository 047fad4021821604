// Options that relax the biology: feedback by weights of its own, errors that are not wired one to one. Against plain
// loops of their own, on every executor, in every pacing.
#include <doctest/doctest.h>

#include <Eigen/Dense>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "graph/error_weights.hpp"
#include "sim/relax_defaults.hpp"
#include "tests/support/executors.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Matrix matrix_of(const Tensor<double>& tensor) {
  const std::int64_t columns = tensor.shape()[tensor.shape().rank() - 1];
  return Eigen::Map<const Matrix>(tensor.data(), tensor.size() / columns, columns);
}

// x, two hidden layers and an output, each a row a sample.
RandomModel mlp() {
  RandomModel model;
  model.graph = parse_graph(
      "x ~ input(4)\nh1 ~ normal(tanh(linear(x, 6)))\nh2 ~ normal(tanh(linear(h1, 5)))\ny ~ normal(linear(h2, 3))",
      "mlp.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 3});
  model.batch = 7;
  return model;
}

constexpr double kLearningRate = 0.05;
constexpr std::size_t kLayers = 3;

// The same network in Eigen. Layer l maps v[l] to v[l + 1]; vectors are rows.
struct Loop {
  Matrix w[kLayers], b[kLayers];
  Matrix psi[kLayers];  // feedback goes by it
  Matrix e[kLayers];    // the prediction of layer l reaches its errors by it
  bool learns_psi = false;
  bool learns_e = false;

  explicit Loop(const State<double>& state) {
    for (std::size_t l = 0; l < kLayers; ++l) {
      const std::string name = l + 1 == kLayers ? "y" : "h" + std::to_string(l + 1);
      w[l] = matrix_of(state.at(name + ".weight"));
      b[l] = matrix_of(state.at(name + ".bias"));
      psi[l] = state.contains(name + ".weight.backward") ? matrix_of(state.at(name + ".weight.backward")) : w[l];
      e[l] = state.contains(name + ".error_weight") ? matrix_of(state.at(name + ".error_weight"))
                                                    : Matrix(Matrix::Identity(w[l].rows(), w[l].rows()));
    }
  }

  // One trial; `strict_steps` of rate 0.1, or fixed prediction at rest.
  void trial(const Matrix& x, const Matrix& target, int strict_steps, bool tied) {
    Matrix v[kLayers + 1] = {x};
    Matrix z[kLayers], prediction[kLayers], xi[kLayers];
    const auto predict = [&](std::size_t l) {
      z[l] = (v[l] * w[l].transpose()).rowwise() + b[l].row(0);
      if (l + 1 < kLayers) z[l] = z[l].array().tanh();
      prediction[l] = z[l] * e[l].transpose();
    };
    const auto through = [&](std::size_t l) -> Matrix {  // the error before the layer's activation
      if (l + 1 == kLayers) return xi[l];
      return xi[l].array() * (1 - z[l].array().square());
    };
    const auto feedback = [&](std::size_t l) -> Matrix { return through(l) * (tied ? w[l] : psi[l]); };
    for (std::size_t l = 0; l < kLayers; ++l) {
      predict(l);
      v[l + 1] = prediction[l];
    }
    v[kLayers] = target;
    for (std::size_t l = 0; l < kLayers; ++l) xi[l] = v[l + 1] - prediction[l];
    if (strict_steps == 0)
      for (std::size_t l = kLayers - 1; l-- > 0;) xi[l] = feedback(l + 1);
    for (int step = 0; step < strict_steps; ++step) {
      Matrix next[kLayers + 1];
      for (std::size_t l = 0; l + 1 < kLayers; ++l) next[l + 1] = v[l + 1] + 0.1 * (feedback(l + 1) - xi[l]);
      for (std::size_t l = 0; l + 1 < kLayers; ++l) v[l + 1] = next[l + 1];
      for (std::size_t l = 0; l < kLayers; ++l) {
        predict(l);
        xi[l] = v[l + 1] - prediction[l];
      }
    }
    const double rate = kLearningRate / static_cast<double>(x.rows());
    for (std::size_t l = 0; l < kLayers; ++l) {
      const Matrix update = rate * through(l).transpose() * v[l];
      w[l] += update;
      if (learns_psi && l > 0) psi[l] += update;
      b[l] += rate * through(l).colwise().sum();
      if (learns_e && l + 1 < kLayers) e[l] += rate * xi[l].transpose() * z[l];
    }
  }
};

std::vector<std::pair<std::string, Factory>> everyone() {
  std::vector<std::pair<std::string, Factory>> list = actors();
  list.insert(list.begin(), {"reference", make_reference_executor<double>});
  return list;
}

RuleChoice choice_of(BackwardWeights backward, bool error_weights) {
  RuleChoice choice;
  choice.backward_weights = backward;
  choice.error_weights = error_weights;
  return choice;
}

GraphPtr run_of(const GraphPtr& graph, RuleChoice choice) { return model_to_run(fit_model(graph, choice), choice); }

double angle(const Matrix& a, const Matrix& b) { return std::acos(a.cwiseProduct(b).sum() / (a.norm() * b.norm())); }

void expect_near(const Tensor<double>& actual, const Matrix& expected) {
  CHECK((matrix_of(actual) - expected).cwiseAbs().maxCoeff() < 1e-12);
}

// Five trials of the loop and of every executor.
void follow_the_loop(BackwardWeights backward, bool error_weights) {
  const RandomModel model = mlp();
  const RandomData<double> data(model.graph, 5);
  const GraphPtr run = run_of(model.graph, choice_of(backward, error_weights));
  for (const int strict_steps : {0, 15})
    for (const auto& entry : everyone()) {
      CAPTURE(strict_steps);
      CAPTURE(entry.first);
      NodeSettings<double> settings =
          settings_of(strict_steps > 0 ? strict<double>(0.1) : fixed_prediction<double>(1), Pacing::lockstep, &data);
      settings.steps = strict_steps > 0 ? strict_steps : 4;
      settings.optimizer.learning_rate = kLearningRate;
      const auto executor = entry.second(run, settings);
      Loop loop(executor->save());
      loop.learns_psi = backward == BackwardWeights::learned;
      loop.learns_e = error_weights;
      for (std::uint64_t number = 0; number < 5; ++number) {
        run_trial(*executor, model.trial(LearnMode::update, number));
        loop.trial(matrix_of(executor->observe(0, Quantity::value)), matrix_of(executor->observe(3, Quantity::value)),
                   strict_steps, backward == BackwardWeights::tied);
      }
      const State<double> state = executor->save();
      for (std::size_t l = 0; l < kLayers; ++l) {
        const std::string name = l + 1 == kLayers ? "y" : "h" + std::to_string(l + 1);
        CAPTURE(name);
        expect_near(state.at(name + ".weight"), loop.w[l]);
        expect_near(state.at(name + ".bias"), loop.b[l]);
        CHECK(state.contains(name + ".weight.backward") == (l > 0 && backward != BackwardWeights::tied));
        CHECK(state.contains(name + ".error_weight") == (l + 1 < kLayers && error_weights));
        if (l > 0 && backward != BackwardWeights::tied) expect_near(state.at(name + ".weight.backward"), loop.psi[l]);
        if (l + 1 < kLayers && error_weights) expect_near(state.at(name + ".error_weight"), loop.e[l]);
      }
    }
}

}  // namespace

TEST_CASE("fixed backward weights follow a plain loop of feedback alignment to 1e-12, fixed prediction and strict") {
  follow_the_loop(BackwardWeights::fixed, false);
}

TEST_CASE("learned backward weights follow a plain loop to 1e-12, fixed prediction and strict") {
  follow_the_loop(BackwardWeights::learned, false);
}

TEST_CASE("learned error weights follow a plain loop to 1e-12, fixed prediction and strict") {
  follow_the_loop(BackwardWeights::tied, true);
}

TEST_CASE("backward weights and error weights together follow a plain loop to 1e-12") {
  follow_the_loop(BackwardWeights::learned, true);
}

TEST_CASE("learned backward weights that start as the weights are the tied ones, to the last bit, however it runs") {
  const RandomModel model = mlp();
  const RandomData<double> data(model.graph, 9);
  const GraphPtr run = run_of(model.graph, choice_of(BackwardWeights::learned, false));
  for (const RulePtr<double>& rule :
       {fixed_prediction<double>(1), strict<double>(0.1), incremental<double>(0.1), activation_relaxation<double>(1)})
    for (const Pacing pacing : {Pacing::lockstep, Pacing::asynchronous}) {
      // Asynchronously only what does not depend on the order of messages has bits to compare.
      if (pacing == Pacing::asynchronous && !rule->memoryless()) continue;
      CAPTURE(rule->name());
      NodeSettings<double> settings = settings_of(rule, pacing, &data);
      settings.steps = 12;
      settings.optimizer.learning_rate = kLearningRate;
      for (const auto& entry : pacing == Pacing::lockstep ? everyone() : actors()) {
        CAPTURE(entry.first);
        const auto tied = entry.second(model.graph, settings);
        const auto separate = entry.second(run, settings);
        State<double> start = tied->save();
        for (const std::string name : {"h2.weight", "y.weight"}) start[name + ".backward"] = start.at(name);
        separate->restore(start, false);
        for (std::uint64_t number = 0; number < 4; ++number)
          for (const auto* each : {&tied, &separate}) run_trial(**each, model.trial(LearnMode::update, number));
        const State<double> expected = tied->save();
        const State<double> actual = separate->save();
        CHECK(actual.size() == expected.size() + 2);
        for (const auto& [name, tensor] : expected) CHECK(same_bits(actual.at(name), tensor));
        for (const std::string name : {"h2.weight", "y.weight"})
          CHECK(same_bits(actual.at(name + ".backward"), actual.at(name)));
      }
    }
}

TEST_CASE("learned backward weights keep their difference from the weights, and so turn towards them as both grow") {
  const RandomModel model = mlp();
  const RandomData<double> data(model.graph, 2);
  NodeSettings<double> settings = settings_of(fixed_prediction<double>(1), Pacing::lockstep, &data);
  settings.steps = 4;
  settings.optimizer.learning_rate = 0.2;
  const auto executor =
      make_reference_executor(run_of(model.graph, choice_of(BackwardWeights::learned, false)), settings);
  const State<double> before = executor->save();
  for (int k = 0; k < 400; ++k) run_trial(*executor, model.trial(LearnMode::update));
  const State<double> after = executor->save();
  for (const std::string name : {"h2.weight", "y.weight"}) {
    const auto difference = [&](const State<double>& state) -> Matrix {
      return matrix_of(state.at(name)) - matrix_of(state.at(name + ".backward"));
    };
    const auto apart = [&](const State<double>& state) {
      return angle(matrix_of(state.at(name)), matrix_of(state.at(name + ".backward")));
    };
    CHECK((difference(after) - difference(before)).norm() < 1e-12 * difference(before).norm());
    MESSAGE(name << ": " << apart(before) << " rad before, " << apart(after) << " after");
    CHECK(apart(after) < 0.9 * apart(before));
  }
}

TEST_CASE(
    "fixed backward weights stay as they were drawn under every optimizer, and what learns by them reduces loss") {
  const RandomModel model = mlp();
  const RandomData<double> data(model.graph, 4);
  for (std::uint64_t kind = 0; kind < 4; ++kind) {
    CAPTURE(kind);
    NodeSettings<double> settings = settings_of(fixed_prediction<double>(1), Pacing::asynchronous, &data);
    settings.optimizer = optimizer_for(kind);
    settings.optimizer.learning_rate = 0.05;
    for (const auto& entry : actors()) {
      CAPTURE(entry.first);
      const auto executor = entry.second(run_of(model.graph, choice_of(BackwardWeights::fixed, false)), settings);
      const State<double> before = executor->save();
      const double first = run_trial(*executor, model.trial(LearnMode::update)).loss;
      for (int k = 0; k < 200; ++k) run_trial(*executor, model.trial(LearnMode::update));
      CHECK(run_trial(*executor, model.trial(LearnMode::none)).loss < 0.7 * first);
      const State<double> after = executor->save();
      for (const std::string name : {"h2.weight", "y.weight"}) {
        CHECK(same_bits(after.at(name + ".backward"), before.at(name + ".backward")));
        CHECK_FALSE(same_bits(after.at(name), before.at(name)));
        CHECK_FALSE(same_bits(before.at(name + ".backward"), before.at(name)));
      }
    }
  }
}

TEST_CASE("error weights of identity change neither predictions nor gradients of a trial, and do learn") {
  const RandomModel model = mlp();
  const RandomData<double> data(model.graph, 6);
  const GraphPtr run = run_of(model.graph, choice_of(BackwardWeights::tied, true));
  for (const RulePtr<double>& rule : {fixed_prediction<double>(0.5), strict<double>(0.1)}) {
    NodeSettings<double> settings = settings_of(rule, Pacing::lockstep, &data);
    settings.steps = 12;
    settings.optimizer.learning_rate = kLearningRate;
    const auto plain = make_reference_executor(model.graph, settings);
    const Outcome<double> expected = observe_all(*plain, *model.graph, model.trial(LearnMode::read_out));
    for (const auto& entry : everyone()) {
      CAPTURE(entry.first);
      const auto executor = entry.second(run, settings);
      State<double> start = plain->save();
      for (const auto& [name, units] : {std::pair<std::string, int>("h1", 6), std::pair<std::string, int>("h2", 5)}) {
        Tensor<double> identity(Shape{units, units});
        identity.fill(0);
        for (int i = 0; i < units; ++i) identity.data()[i * units + i] = 1;
        start[name + ".error_weight"] = identity;
      }
      executor->restore(start, false);
      Outcome<double> actual = observe_all(*executor, *model.graph, model.trial(LearnMode::read_out));
      for (const VertexId hidden : {1, 2}) {
        REQUIRE(actual.gradients[hidden].size() == 3);
        CHECK(matrix_of(actual.gradients[hidden].back()).norm() > 0);
        actual.gradients[hidden].pop_back();
      }
      actual.state = expected.state;
      CHECK(first_difference(*model.graph, actual, expected) == "");
    }
  }
}

TEST_CASE("in lockstep every rule feeds back by weights of its own to the same bits on every executor") {
  int models = 0;
  for (std::uint64_t seed = 0; seed < 120 && models < 12; ++seed) {
    const RandomModel model = random_model(seed);
    GraphPtr run;
    try {
      run = run_of(model.graph, choice_of(seed % 2 == 0 ? BackwardWeights::learned : BackwardWeights::fixed, false));
    } catch (const BadConfig&) {
      continue;  // weights that vertices share
    }
    ++models;
    const RandomData<double> data(model.graph, seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    for (const RulePtr<double>& rule : {fixed_prediction<double>(0.4), strict<double>(0.05), incremental<double>(0.05),
                                        activation_relaxation<double>(0.2)}) {
      CAPTURE(rule->name());
      NodeSettings<double> settings = settings_of(rule, Pacing::lockstep, &data);
      settings.steps = 8;
      settings.optimizer = optimizer_for(seed);
      settings.optimizer.learning_rate = 0.002;
      const auto reference = make_reference_executor(run, settings);
      const std::vector<Outcome<double>> expected = four_trials(*reference, model);
      for (const auto& entry : actors()) {
        CAPTURE(entry.first);
        const auto executor = entry.second(run, settings);
        const std::vector<Outcome<double>> actual = four_trials(*executor, model);
        for (std::size_t t = 0; t < actual.size(); ++t) CHECK(first_difference(*run, actual[t], expected[t]) == "");
      }
    }
    // Asynchronously at rate 1 the slots decide, whenever they were filled.
    NodeSettings<double> settings = settings_of(fixed_prediction<double>(1), Pacing::lockstep, &data);
    settings.steps = 20;
    const std::vector<Outcome<double>> expected = four_trials(*make_reference_executor(run, settings), model);
    settings.pacing = Pacing::asynchronous;
    settings.steps.reset();
    for (const auto& entry : actors()) {
      CAPTURE(entry.first);
      const auto executor = entry.second(run, settings);
      const std::vector<Outcome<double>> actual = four_trials(*executor, model);
      for (std::size_t t = 0; t < actual.size(); ++t) CHECK(first_difference(*run, actual[t], expected[t]) == "");
    }
  }
  CHECK(models >= 8);
}

TEST_CASE("convolutions feed back by kernels of their own: each input from the outputs that it reaches") {
  const GraphPtr graph = parse_graph(
      "x ~ input(6)\nh ~ normal(tanh(linear(x, 6)))\ny ~ normal(conv(reshape(h, 1, 6), 2, 3, pad=1, bias=0))",
      "conv.graph");
  RandomModel model;
  model.graph = graph;
  model.batch = 2;
  model.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  const RandomData<double> data(graph, 1);
  NodeSettings<double> settings = settings_of(fixed_prediction<double>(1), Pacing::lockstep, &data);
  settings.steps = 2;
  const auto executor = make_reference_executor(run_of(graph, choice_of(BackwardWeights::fixed, false)), settings);
  run_trial(*executor, model.trial(LearnMode::none));
  const Tensor<double> psi = executor->save().at("y.weight.backward");  // [2, 1, 3]
  const Tensor<double> above = executor->observe(2, Quantity::weighted_error);
  const Tensor<double> error = executor->observe(1, Quantity::weighted_error);
  for (int sample = 0; sample < 2; ++sample)
    for (int i = 0; i < 6; ++i) {
      double expected = 0;
      for (int channel = 0; channel < 2; ++channel)
        for (int k = 0; k < 3; ++k)
          if (const int o = i + 1 - k; o >= 0 && o < 6)
            expected += psi.data()[3 * channel + k] * above.data()[12 * sample + 6 * channel + o];
      CHECK(error.data()[6 * sample + i] == doctest::Approx(expected).epsilon(1e-12));
    }
}

TEST_CASE("shared weights, images and models without hidden vertices are refused by name") {
  const auto refused = [](const std::string& text, const RuleChoice& choice, const std::string& words) {
    const GraphPtr graph = parse_graph(text, "m.graph");
    CHECK_THROWS_WITH_AS(run_of(graph, choice), doctest::Contains(words.c_str()), BadConfig);
  };
  const RuleChoice backward = choice_of(BackwardWeights::fixed, false);
  const RuleChoice errors = choice_of(BackwardWeights::tied, true);
  const std::string shallow = "x ~ input(3)\ny ~ normal(linear(x, 2))";
  refused(
      "x ~ input(3)\na ~ normal(linear(x, 3))\nb ~ normal(linear(a, 3, share=W))\ny ~ normal(linear(b, 3, share=W))",
      backward, "vertex 'b': its weight is shared");
  refused(shallow, backward, "leave out rule.backward_weights");
  refused(shallow, errors, "leave out rule.error_weights");
  refused("x ~ input(1, 4, 4)\nh ~ normal(conv(x, 2, 3))\ny ~ normal(linear(flatten(h), 2))", errors, "vertex 'h'");
  const std::string deep = "x ~ input(3)\nh ~ normal(linear(x, 3))\ny ~ normal(linear(h, 2))";
  for (RuleChoice choice : {backward, errors})
    for (const std::string rule : {"backprop", "zero_divergence"}) {
      choice.rule = rule;
      refused(deep, choice, "the rule " + rule + " is backprop");
    }
  for (RuleChoice choice : {backward, errors}) {
    choice.rule = "strict";
    choice.follows_curvature = true;
    CHECK_THROWS_WITH_AS(node_settings<double>(choice), doctest::Contains("value_rate = auto"), BadConfig);
  }
}
