#include "tools/trial_benchmark.hpp"

#include <algorithm>

#include "tools/trial_timer.hpp"

namespace settle {
namespace {

template <class Scalar>
NodeSettings<Scalar> benchmark_settings(const RuleChoice& rule, std::uint64_t seed, double learning_rate,
                                        const ClampSource<Scalar>& source) {
  NodeSettings<Scalar> settings = node_settings<Scalar>(rule);
  settings.optimizer.kind = OptimizerKind::sgd;
  settings.optimizer.learning_rate = learning_rate;
  settings.seed = seed;
  settings.source = &source;
  return settings;
}

}  // namespace

template <class Scalar>
TrialBenchmark<Scalar>::TrialBenchmark(const GraphPtr& model, std::int64_t batch, RuleChoice rule, unsigned threads,
                                       std::uint64_t seed, double learning_rate)
    : graph(model_to_run(fit_model(model, rule), rule)),
      data(*graph, batch),
      settings(benchmark_settings<Scalar>(rule, seed, learning_rate, data)) {
  check_model(*graph, *data.trial()->clamped, rule.rule);
  executor = make_executor(settings.rule ? ExecutorKind::caf : ExecutorKind::reference, graph, settings, threads);
  time_trials(*executor, *graph, data.trial(), 1);
  steps = std::ranges::max(executor->acts());

  NodeSettings<Scalar> plain = settings;
  const bool exact = !settings.rule || (settings.pacing == Pacing::asynchronous && settings.rule->memoryless());
  if (exact) plain.rule = nullptr;
  plain.steps = steps;
  direct_loop = exact ? "backprop" : "lockstep";
  direct = make_executor(ExecutorKind::reference, graph, plain, 1);
  time_trials(*direct, *graph, data.trial(), 1);
}

template struct TrialBenchmark<float>;
template struct TrialBenchmark<double>;

}  // namespace settle
