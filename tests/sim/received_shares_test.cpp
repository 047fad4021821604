// Where theory speaks of a run, and the gradient error that it predicts: against gradients relaxed in virtual time.
#include "sim/received_shares.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "graph/language/language.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/sim/session_parts.hpp"

namespace settle {
namespace {

// All paths from a vertex have one length; W is shared by two vertices that are equally far.
constexpr const char* kLevelled =
    "x ~ input(2)\nW ~ parameter(2, 3)\n"
    "a ~ normal(tanh(matmul(x, W)))\nb ~ normal(sin(matmul(x, W)), precision=2)\n"
    "c ~ normal(tanh(linear(a, 4) + linear(b, 4)))\ny ~ normal(linear(c, 1))\n";
constexpr const char* kSkipping =
    "x ~ input(2)\na ~ normal(tanh(linear(x, 3)))\nb ~ normal(tanh(linear(a, 3)))\n"
    "y ~ normal(linear(b, 1) + linear(a, 1))\n";
constexpr const char* kRows = "0 1 : 1 ; 1 0 : -1 ; 0.5 0.3 : 0.2 ; -1 2 : 0";

RunConfig lockstep(double rate, std::int64_t steps, std::uint32_t delay) {
  RunConfig config;
  config.rule.name = "fixed_prediction";
  config.relax.pacing = RelaxConfig::Pacing::lockstep;
  config.relax.value_rate = rate;
  config.relax.steps = steps;
  config.network.delay = delay;
  config.run.executor = RunSectionConfig::Executor::virtual_time;
  return config;
}

RunConfig eager(double rate, const std::string& latency) {
  RunConfig config = lockstep(rate, 1, 0);
  config.relax.pacing = RelaxConfig::Pacing::asynchronous;
  config.relax.wake = RelaxConfig::Wake::eager;
  config.relax.steps.reset();
  config.relax.tolerance = 0;
  config.network.latency = latency;
  return config;
}

GradientProblem<double> problem_of(const Bench<double>& bench) {
  auto trial = std::make_shared<Trial>(bench.trial({0, 1, 2, 3}));
  trial->learn = LearnMode::read_out;
  return {bench.graph, std::move(trial), {}};
}

}  // namespace

TEST_CASE("the gradient error of fixed prediction in lockstep is what the closed form predicts, late messages or not") {
  const Bench<double> bench(kLevelled, kRows);
  const GradientProblem<double> problem = problem_of(bench);
  for (const std::uint32_t delay : {0U, 2U})
    for (const std::int64_t steps : {0, 1, 2, 5, 20, 60}) {
      CAPTURE(delay);
      CAPTURE(steps);
      const RunConfig config = lockstep(0.2, steps, delay);
      const NodeSettings<double> settings = bench.settings(rule_choice(config));
      const Gradients<double> backprop = backprop_gradients(problem, settings);
      const auto predicted = PredictedError::of(problem, backprop, received_shares(config).value());
      REQUIRE(predicted.has_value());
      const auto executor = make_virtual_time_executor(bench.graph, settings, network_options(config.network));
      const double error = run_gradient_trial(problem, *executor, backprop).error.value();
      CHECK(error > 0);
      CHECK(error == doctest::Approx((*predicted)(static_cast<std::uint64_t>(steps))).epsilon(1e-10));
    }
}

TEST_CASE("theory is silent where paths differ in length, and of runs that it does not describe") {
  const Bench<double> bench(kSkipping, kRows);
  const GradientProblem<double> problem = problem_of(bench);
  const RunConfig config = lockstep(0.2, 5, 0);
  const Gradients<double> backprop = backprop_gradients(problem, bench.settings(rule_choice(config)));
  CHECK_FALSE(PredictedError::of(problem, backprop, received_shares(config).value()).has_value());

  CHECK(received_shares(eager(0.5, "3")).has_value());
  CHECK_FALSE(received_shares(eager(0.5, "uniform(1, 3)")).has_value());
  const auto silent = [](auto change) {
    RunConfig changed = eager(0.5, "3");
    change(changed);
    return !received_shares(changed).has_value();
  };
  CHECK(silent([](RunConfig& c) { c.rule.name = "strict"; }));
  CHECK(silent([](RunConfig& c) { c.rule.nonlinear_derivative = false; }));
  CHECK(silent([](RunConfig& c) { c.relax.wake.reset(); }));
  CHECK(silent([](RunConfig& c) { c.relax.steps = 100; }));
  CHECK(silent([](RunConfig& c) { c.relax.tolerance.reset(); }));
  CHECK(silent([](RunConfig& c) { c.network.loss = 0.1; }));
  CHECK(silent([](RunConfig& c) { c.network.compute = "2"; }));
  CHECK(silent([](RunConfig& c) { c.run.executor = RunSectionConfig::Executor::caf; }));
}

}  // namespace settle
