#include "sim/session/trace_probe.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "actors/reference_executor.hpp"
#include "graph/closed_form.hpp"
#include "graph/hops.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

template <class Scalar>
TraceProbe<Scalar>::TraceProbe(const RunSetup<Scalar>& setup, const RunConfig& config)
    : config_(config), graph_(setup.graph_ptr()), run_graph_(setup.run_graph()), settings_(setup.settings()) {}

template <class Scalar>
std::string TraceProbe<Scalar>::trace(const State<Scalar>& state, const Trial& trial) {
  auto same = std::make_shared<Trial>(trial);
  same->learn = LearnMode::read_out;
  const ReadOut<Scalar> exact = backprop(state, same);
  typename RelaxationTrace<Scalar>::Options options{trial.batch()};
  if (!exact.empty()) options.backprop = &exact;
  options.closed_form = closed_form(exact, trial);
  if (settings_.pacing == Pacing::lockstep) options.last_step = *settings_.steps;
  const auto traced = executor(state, same);
  RelaxationTrace<Scalar> trace(*traced, std::move(options));
  traced->restore(state, false);
  traced->observe_with(&trace);
  run_trial<Scalar>(*traced, same);
  return trace.csv();
}

// On the graph with all its derivatives, whatever the rule does without. None on a cycle.
template <class Scalar>
ReadOut<Scalar> TraceProbe<Scalar>::backprop(const State<Scalar>& state,
                                             const std::shared_ptr<const Trial>& trial) const {
  if (!graph_->acyclic()) return {};
  NodeSettings<Scalar> settings = settings_;
  settings.rule = nullptr;
  const auto reference = make_reference_executor<Scalar>(graph_, settings);
  reference->restore(state, false);
  run_trial<Scalar>(*reference, trial);
  ReadOut<Scalar> read;
  for (VertexId id = 0; id < graph_->size(); ++id) read.push_back(reference->gradients(id));
  return read;
}

template <class Scalar>
std::function<double(std::uint64_t)> TraceProbe<Scalar>::closed_form(const ReadOut<Scalar>& exact,
                                                                     const Trial& trial) const {
  if (exact.empty() || config_.rule.name != "fixed_prediction" || !config_.rule.nonlinear_derivative ||
      settings_.pacing != Pacing::lockstep)
    return nullptr;
  const std::vector<std::optional<std::uint64_t>> hops = hops_to_output(*graph_);
  std::map<std::uint64_t, double> squares;  // |g|^2 of all vertices so many hops from the outputs
  double whole = 0;
  for (VertexId id = 0; id < graph_->size(); ++id) {
    const Vertex& vertex = (*graph_)[id];
    if (vertex.kind == VertexKind::input) continue;
    const bool driven = !vertex.childless() || (*trial.clamped)[id] || vertex.kind == VertexKind::parameter;
    const bool weighted = vertex.kind == VertexKind::computed && vertex.precision_kind != PrecisionKind::uniform;
    if (!hops[id] || !driven || weighted) return nullptr;
    // A parameter that several vertices share has received what those have.
    const bool shared = vertex.kind == VertexKind::parameter && *hops[id] > 0;
    for (const Tensor<Scalar>& gradient : exact[id])
      for (const Scalar each : gradient.flat()) {
        squares[*hops[id] - (shared ? 1 : 0)] += static_cast<double>(each) * static_cast<double>(each);
        whole += static_cast<double>(each) * static_cast<double>(each);
      }
  }
  if (whole == 0) return nullptr;
  return [squares, whole, rate = config_.relax.value_rate, delay = config_.network.delay](std::uint64_t step) {
    double missing = 0;
    for (const auto& [distance, square] : squares)
      missing += std::pow(1 - received_share_delayed(step, distance, rate, delay), 2) * square;
    return std::sqrt(missing / whole);
  };
}

// Asynchronously it looks as often as makes enough rows, where the config does not say how often.
template <class Scalar>
std::unique_ptr<VirtualTimeExecutor<Scalar>> TraceProbe<Scalar>::executor(
    const State<Scalar>& state, const std::shared_ptr<const Trial>& trial) const {
  NetworkOptions network;
  if (config_.run.executor == RunSectionConfig::Executor::virtual_time) network = network_options(config_.network);
  auto made = make_virtual_time_executor(run_graph_, settings_, network);
  if (settings_.pacing == Pacing::lockstep || network.sample_every > 0) return made;
  made->restore(state, false);
  run_trial<Scalar>(*made, trial);
  network.sample_every = std::max<Tick>(1, made->last().settled_after / RelaxationTrace<Scalar>::kMostRows);
  return make_virtual_time_executor(run_graph_, settings_, network);
}

template class TraceProbe<float>;
template class TraceProbe<double>;

}  // namespace settle
