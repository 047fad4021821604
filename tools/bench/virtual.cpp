// Events of virtual time on scalar vertices, on one core: a random graph of neurons (tools/random_neurons.hpp) that
// relaxes eagerly at rate 0.5 over constant and over random links. Counters: events/s, the ticks of a trial, bytes of
// resident memory per vertex that graph and executor take, and the process's peak. Name one case in --benchmark_filter
// where the memory matters: what an earlier case has freed is used again.
#include <benchmark/benchmark.h>

#include "sim/relax_defaults.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tools/bench/memory.hpp"
#include "tools/random_neurons.hpp"

namespace settle {
namespace {

void run(benchmark::State& state, const char* latency) {
  const double before = resident_bytes();
  const std::int64_t count = state.range(0);
  const GraphPtr graph = random_neurons(count, static_cast<std::size_t>(state.range(1)));
  const NeuronData source;
  RuleChoice rule;
  rule.value_rate = 0.5;
  rule.wake = Wake::eager;
  rule.tolerance = 1e-4;
  NodeSettings<float> settings = node_settings<float>(rule);
  settings.source = &source;
  NetworkConfig network;
  network.latency = latency;
  const auto executor = make_virtual_time_executor(graph, settings, network_options(network));

  const auto shared = neuron_trial(*graph, LearnMode::none);
  std::uint64_t events = 0;
  for (auto _ : state) {
    run_trial<float>(*executor, shared);
    events += executor->last().events;
  }
  state.counters["events/s"] = benchmark::Counter(static_cast<double>(events), benchmark::Counter::kIsRate);
  state.counters["events"] = static_cast<double>(executor->last().events);
  state.counters["ticks"] = static_cast<double>(executor->last().settled_after);
  state.counters["bytes/vertex"] = (resident_bytes() - before) / static_cast<double>(count);
  state.counters["peak_MB"] = peak_bytes() / 1e6;
}

void virtual_constant_links(benchmark::State& state) { run(state, "1"); }
void virtual_random_links(benchmark::State& state) { run(state, "lognormal(20, 0.5)"); }

void sizes(benchmark::internal::Benchmark* benchmark) {
  benchmark->ArgNames({"vertices", "fan_in"})->Unit(benchmark::kMillisecond);
  benchmark->Args({1'000, 4})->Args({1'000, 10})->Args({100'000, 10});
}

BENCHMARK(virtual_constant_links)->Apply(sizes);
BENCHMARK(virtual_random_links)->Apply(sizes);

}  // namespace
}  // namespace settle
