// One unit per actor: a random graph of N neurons (tools/random_neurons.hpp) at batch 1; inputs and neurons without
// children are clamped.
// Counters: messages/s, processor time per message (of all threads: what a busy machine changes less), seconds to
// describe (GraphBuilder) and to wire (spawn), bytes of resident memory per vertex that graph and executor take at
// rest, and the process's peak. Name one case in --benchmark_filter where the memory matters: what an earlier case has
// freed is used again.
#include <benchmark/benchmark.h>

#include <chrono>

#include "sim/relax_defaults.hpp"
#include "tools/bench/memory.hpp"
#include "tools/executors.hpp"
#include "tools/random_neurons.hpp"
#include "tools/trial_timer.hpp"

namespace settle {
namespace {

// Of all threads.
double cpu_seconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

void run(benchmark::State& state, const RuleChoice& rule) {
  const std::int64_t count = state.range(0);
  const double before = resident_bytes();
  auto start = std::chrono::steady_clock::now();
  const GraphPtr graph = random_neurons(count);
  const double describe = seconds_since(start);

  const NeuronData source;
  NodeSettings<float> settings = node_settings<float>(rule);
  settings.optimizer.learning_rate = 1e-3;
  settings.source = &source;
  start = std::chrono::steady_clock::now();
  const auto executor = make_executor(ExecutorKind::caf, graph, settings, static_cast<unsigned>(state.range(1)));
  const double wire = seconds_since(start);

  const auto shared = neuron_trial(*graph, LearnMode::update);
  time_trials(*executor, *graph, shared, 1);
  const double resident = resident_bytes() - before;

  std::uint64_t messages = 0;
  const double cpu = cpu_seconds();
  const auto call = static_cast<std::uint64_t>(std::max<std::int64_t>(1, 20'000 / count));
  while (state.KeepRunningBatch(static_cast<benchmark::IterationCount>(call))) {
    const TimedTrials<float> timed = time_trials(*executor, *graph, shared, call);
    state.SetIterationTime(timed.milliseconds / 1000);
    messages += timed.last.messages * call;
  }
  state.counters["messages/s"] = benchmark::Counter(static_cast<double>(messages), benchmark::Counter::kIsRate);
  state.counters["cpu_ns/message"] = (cpu_seconds() - cpu) * 1e9 / static_cast<double>(messages);
  state.counters["describe_s"] = describe;
  state.counters["wire_s"] = wire;
  state.counters["bytes/vertex"] = resident / static_cast<double>(count);
  state.counters["peak_MB"] = peak_bytes() / 1e6;
}

// Every vertex acts once: each edge carries a value and a feedback.
void neurons_exact(benchmark::State& state) { run(state, {}); }

// Many acts a vertex, on whatever has arrived.
void neurons_rate_half(benchmark::State& state) {
  RuleChoice rule;
  rule.value_rate = 0.5;
  rule.tolerance = 1e-4;
  run(state, rule);
}

void neurons_strict_lockstep(benchmark::State& state) {
  RuleChoice rule;
  rule.rule = "strict";
  rule.pacing = Pacing::lockstep;
  rule.value_rate = 0.02;
  rule.steps = 10;
  run(state, rule);
}

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"vertices", "threads"})->UseManualTime()->Unit(benchmark::kMillisecond);
  for (const int count : {1'000, 100'000, 1'000'000})
    for (const int threads : {1, 2}) benchmark->Args({count, threads});
}

BENCHMARK(neurons_exact)->Apply(sizes);
BENCHMARK(neurons_rate_half)->Apply(sizes);
BENCHMARK(neurons_strict_lockstep)->Apply(sizes);

}  // namespace
}  // namespace settle
