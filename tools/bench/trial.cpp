// One learning trial of the 784-300-100-10 tanh net: on actors, and `direct`, the same kernels in a plain loop.
// Counters: trials/s, messages/s, GFLOP/s (multiplications and additions of the linear maps).
#include <benchmark/benchmark.h>

#include <algorithm>

#include "graph/language/language.hpp"
#include "tools/trial_benchmark.hpp"
#include "tools/trial_timer.hpp"

namespace settle {
namespace {

constexpr const char* kModel =
    "x  ~ input(784)\n"
    "h1 ~ normal(tanh(linear(x, 300)))\n"
    "h2 ~ normal(tanh(linear(h1, 100)))\n"
    "y  ~ normal(linear(h2, 10))\n";

// Weights of the first layer, and of those that feedback passes.
constexpr double kFirst = 784. * 300;
constexpr double kOthers = 300. * 100 + 100. * 10;

double flops(std::int64_t batch, double relax_steps) {
  const double forward_and_weights = 2 * (kFirst + kOthers);
  return 2 * static_cast<double>(batch) * (forward_and_weights + relax_steps * kOthers);
}

void run(benchmark::State& state, const RuleChoice& rule, unsigned threads, bool direct) {
  const std::int64_t batch = state.range(0);
  TrialBenchmark<float> trial(parse_graph(kModel, "mlp"), batch, rule, threads, 1);
  Executor<float>& executor = direct ? *trial.direct : *trial.executor;
  // A session hands many trials over at once, so the hand-over is not what is measured: a call lasts about 20 ms.
  const auto time = [&](std::uint64_t count) { return time_trials(executor, *trial.graph, trial.data.trial(), count); };
  const auto call = static_cast<std::uint64_t>(std::max(1., 20 * 5 / time(5).milliseconds));
  std::uint64_t messages = 0;
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(call))) {
    const TimedTrials<float> timed = time(call);
    state.SetIterationTime(timed.milliseconds / 1000);
    messages += timed.last.messages * call;
  }
  const auto trials = static_cast<double>(state.iterations());
  const double steps = rule.pacing == Pacing::lockstep ? static_cast<double>(*rule.steps) : 1;
  const auto per_second = [](double number) { return benchmark::Counter(number, benchmark::Counter::kIsRate); };
  state.counters["trials/s"] = per_second(trials);
  state.counters["GFLOP/s"] = per_second(trials * flops(batch, steps) / 1e9);
  state.counters["messages/s"] = per_second(static_cast<double>(messages));
}

RuleChoice lockstep_100() {
  RuleChoice rule;
  rule.pacing = Pacing::lockstep;
  rule.value_rate = 0.1;
  rule.steps = 100;
  return rule;
}

void trial_direct(benchmark::State& state) { run(state, {}, 1, true); }
void trial_caf_1_thread(benchmark::State& state) { run(state, {}, 1, false); }
void trial_caf_2_threads(benchmark::State& state) { run(state, {}, 2, false); }
void lockstep_100_direct(benchmark::State& state) { run(state, lockstep_100(), 1, true); }
void lockstep_100_caf_1_thread(benchmark::State& state) { run(state, lockstep_100(), 1, false); }

void batches(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("batch")->Arg(1)->Arg(64)->Arg(256)->UseManualTime()->Unit(benchmark::kMillisecond);
}
void one_batch(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgName("batch")->Arg(64)->UseManualTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(trial_direct)->Apply(batches);
BENCHMARK(trial_caf_1_thread)->Apply(batches);
BENCHMARK(trial_caf_2_threads)->Apply(batches);
BENCHMARK(lockstep_100_direct)->Apply(one_batch);
BENCHMARK(lockstep_100_caf_1_thread)->Apply(one_batch);

}  // namespace
}  // namespace settle
