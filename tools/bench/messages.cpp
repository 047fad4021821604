// What a message costs: a chain of vertices that hold one number each, so that next to nothing else is done.
#include <benchmark/benchmark.h>

#include "graph/language/language.hpp"
#include "tools/trial_benchmark.hpp"
#include "tools/trial_timer.hpp"

namespace settle {
namespace {

GraphPtr chain(std::int64_t length) {
  std::string text = "v0 ~ input(1)\n";
  for (std::int64_t k = 1; k <= length; ++k)
    text += "v" + std::to_string(k) + " ~ normal(0.5 * v" + std::to_string(k - 1) + ")\n";
  return parse_graph(text, "chain");
}

void scalar_chain(benchmark::State& state) {
  RuleChoice rule;
  rule.pacing = Pacing::lockstep;
  rule.value_rate = 0.1;
  rule.steps = 100;
  TrialBenchmark<float> trial(chain(state.range(0)), 1, rule, static_cast<unsigned>(state.range(1)), 1);
  std::uint64_t messages = 0;
  constexpr std::uint64_t kCall = 10;
  while (state.KeepRunningBatch(kCall)) {
    const TimedTrials<float> timed = time_trials(*trial.executor, *trial.graph, trial.data.trial(), kCall);
    state.SetIterationTime(timed.milliseconds / 1000);
    messages += timed.last.messages * kCall;
  }
  state.counters["messages/s"] = benchmark::Counter(static_cast<double>(messages), benchmark::Counter::kIsRate);
}

BENCHMARK(scalar_chain)
    ->ArgNames({"length", "threads"})
    ->Args({100, 1})
    ->Args({100, 2})
    ->UseManualTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace settle
