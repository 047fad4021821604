#include "sim/received_shares.hpp"

#include <cmath>

#include "graph/closed_form.hpp"
#include "graph/hops.hpp"
#include "sim/config/key_types.hpp"

namespace settle {
namespace {

// Ticks of every flight where nothing else takes time and nothing is lost.
std::optional<std::uint64_t> constant_latency(NetworkConfig network) {
  const auto latency = key_types::number_of<std::uint64_t>(network.latency);
  network.latency = NetworkConfig().latency;
  network.sample_every = 0;
  return network == NetworkConfig() && latency && *latency > 0 ? latency : std::nullopt;
}

// By VertexId; the parameters that several vertices share have received what those have.
std::optional<std::vector<std::uint64_t>> hops_of_parameters(const Graph& graph, const std::vector<char>& clamped) {
  const std::vector<std::optional<std::uint64_t>> hops = hops_to_output(graph);
  std::vector<std::uint64_t> all(graph.size());
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (vertex.kind == VertexKind::input) continue;
    const bool driven = !vertex.childless() || clamped[id] || vertex.kind == VertexKind::parameter;
    const bool weighted = vertex.kind == VertexKind::computed && vertex.precision_kind != PrecisionKind::uniform;
    if (!hops[id] || !driven || weighted) return std::nullopt;
    all[id] = vertex.kind == VertexKind::parameter && *hops[id] > 0 ? *hops[id] - 1 : *hops[id];
  }
  return all;
}

}  // namespace

std::optional<ReceivedShares> received_shares(const RunConfig& config) {
  const RelaxConfig& relax = config.relax;
  const bool true_derivatives = config.rule.nonlinear_derivative &&
                                config.rule.backward_weights == BackwardWeights::tied && !config.rule.error_weights;
  if (config.rule.name != "fixed_prediction" || !true_derivatives) return std::nullopt;
  const double rate = relax.value_rate;
  if (relax.pacing == RelaxConfig::Pacing::lockstep)
    return [rate, delay = config.network.delay](std::uint64_t step, std::uint64_t hops) {
      return received_share_delayed(step, hops, rate, delay);
    };
  const double tolerance = relax.tolerance.value_or(rate != 1);
  const bool exact = relax.wake == RelaxConfig::Wake::eager && !relax.steps && tolerance == 0 &&
                     relax.send_tolerance.value_or(tolerance) == 0;
  const auto latency = constant_latency(config.network);
  if (config.run.executor != RunSectionConfig::Executor::virtual_time || !exact || !latency) return std::nullopt;
  return [rate, latency = *latency](std::uint64_t tick, std::uint64_t hops) {
    return received_share_in_flight(tick, hops, rate, latency);
  };
}

template <class Scalar>
std::optional<PredictedError> PredictedError::of(const GradientProblem<Scalar>& problem,
                                                 const Gradients<Scalar>& backprop, ReceivedShares shares) {
  const Graph& graph = *problem.graph;
  const auto hops = hops_of_parameters(graph, *problem.trial->clamped);
  if (!hops || backprop.empty()) return std::nullopt;
  PredictedError predicted(std::move(shares));
  for (VertexId id = 0; id < graph.size(); ++id) {
    if (graph[id].kind == VertexKind::input) continue;
    if (predicted.squares_.size() <= (*hops)[id]) predicted.squares_.resize((*hops)[id] + 1);
    for (const Tensor<Scalar>& gradient : backprop[id])
      for (const Scalar each : gradient.flat())
        predicted.squares_[(*hops)[id]] += static_cast<double>(each) * static_cast<double>(each);
  }
  return predicted;
}

double PredictedError::operator()(std::uint64_t time) const {
  double missing = 0;
  double whole = 0;
  for (std::size_t hops = 0; hops < squares_.size(); ++hops) {
    const double lacks = 1 - shares_(time, hops);
    missing += lacks * lacks * squares_[hops];
    whole += squares_[hops];
  }
  return whole > 0 ? std::sqrt(missing / whole) : 0;
}

template std::optional<PredictedError> PredictedError::of(const GradientProblem<float>&, const Gradients<float>&,
                                                          ReceivedShares);
template std::optional<PredictedError> PredictedError::of(const GradientProblem<double>&, const Gradients<double>&,
                                                          ReceivedShares);

}  // namespace settle
