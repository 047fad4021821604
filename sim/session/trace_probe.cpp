#include "sim/session/trace_probe.hpp"

#include <algorithm>

#include "sim/received_shares.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

template <class Scalar>
TraceProbe<Scalar>::TraceProbe(const RunSetup<Scalar>& setup, const RunConfig& config)
    : config_(config), graph_(setup.graph_ptr()), run_graph_(setup.run_graph()), settings_(setup.settings()) {}

template <class Scalar>
std::string TraceProbe<Scalar>::trace(const State<Scalar>& state, const Trial& trial) {
  auto same = std::make_shared<Trial>(trial);
  same->learn = LearnMode::read_out;
  const GradientProblem<Scalar> problem{graph_, same, state};
  const Gradients<Scalar> exact = backprop_gradients(problem, settings_);
  typename RelaxationTrace<Scalar>::Options options{problem};
  if (!exact.empty()) options.backprop = &exact;
  if (auto shares = received_shares(config_); shares && settings_.pacing == Pacing::lockstep)
    if (auto predicted = PredictedError::of(problem, exact, std::move(*shares))) options.closed_form = *predicted;
  if (settings_.pacing == Pacing::lockstep) options.last_step = *settings_.steps;
  const auto traced = executor(state, same);
  RelaxationTrace<Scalar> trace(*traced, std::move(options));
  traced->restore(state, false);
  traced->observe_with(&trace);
  run_trial<Scalar>(*traced, same);
  return trace.csv();
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
