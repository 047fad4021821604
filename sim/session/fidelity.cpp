#include "sim/session/fidelity.hpp"

#include <cmath>
#include <cstdio>

#include "actors/reference_executor.hpp"
#include "graph/closed_form.hpp"
#include "graph/hops.hpp"

namespace settle {
namespace {

template <class Scalar>
NodeSettings<Scalar> backprop_settings(NodeSettings<Scalar> settings) {
  settings.rule = nullptr;
  return settings;
}

}  // namespace

template <class Scalar>
FidelityProbe<Scalar>::FidelityProbe(GraphPtr graph, const NodeSettings<Scalar>& settings)
    : graph_(graph),
      steps_(settings.steps.value_or(0)),
      backprop_(make_reference_executor<Scalar>(graph, backprop_settings(settings))) {}

template <class Scalar>
void FidelityProbe<Scalar>::predict_shares(const ReceivedShares& shares) {
  const std::vector<std::optional<std::uint64_t>> hops = hops_to_output(*graph_);
  predicted_.clear();
  for (const std::optional<std::uint64_t>& distance : hops)
    predicted_.push_back(distance ? std::optional(shares(steps_, *distance)) : std::nullopt);
}

template <class Scalar>
std::vector<VertexFidelity> FidelityProbe<Scalar>::compare(const Executor<Scalar>& executor,
                                                           const State<Scalar>& before, const Trial& trial) {
  backprop_->restore(before, false);
  auto same = std::make_shared<Trial>(trial);
  same->learn = LearnMode::none;
  run_trial<Scalar>(*backprop_, std::move(same));
  std::vector<VertexFidelity> all;
  for (VertexId id = 0; id < graph_->size(); ++id) {
    if ((*graph_)[id].kind != VertexKind::computed || (*trial.clamped)[id]) continue;
    const Tensor<Scalar> mine = executor.observe(id, Quantity::weighted_error);
    const Tensor<Scalar> exact = backprop_->observe(id, Quantity::weighted_error);
    double dot = 0;
    double own = 0;
    double goal = 0;
    double apart = 0;
    for (std::size_t i = 0; i < exact.flat().size(); ++i) {
      const auto a = static_cast<double>(mine.flat()[i]);
      const auto b = static_cast<double>(exact.flat()[i]);
      dot += a * b;
      own += a * a;
      goal += b * b;
      apart += (a - b) * (a - b);
    }
    if (goal == 0) continue;
    all.push_back({id, dot / goal, std::sqrt(apart / goal), own > 0 ? dot / std::sqrt(own * goal) : 0,
                   predicted_.empty() ? std::nullopt : predicted_[id]});
  }
  return all;
}

template <class Scalar>
std::string fidelity_warning(const Graph& graph, const VertexFidelity& fidelity, const NodeSettings<Scalar>& settings,
                             double value_rate) {
  char received[64];
  std::snprintf(received, sizeof received, "%.1f %%", 100 * fidelity.received);
  std::string text = "'" + graph[fidelity.vertex].name + "' receives " + received + " of its backprop gradient";
  if (settings.rule->moves_values())
    return text + ": strict relaxation follows backprop only where output errors are small";
  if (settings.pacing == Pacing::asynchronous)
    return text + ": it stopped before it had settled; a larger relax.steps or a smaller relax.tolerance gives it more";
  const std::uint64_t hops = graph[fidelity.vertex].height;
  const std::uint64_t steps = steps_to_receive(FidelityProbe<Scalar>::kEnough, hops, value_rate);
  char rate[32];
  std::snprintf(rate, sizeof rate, "%g", value_rate);
  return text + ": at value_rate " + rate + ", " + std::to_string(hops) +
         " hops from the output, relax.steps = " + std::to_string(steps) + " would give it 90 %";
}

template class FidelityProbe<float>;
template class FidelityProbe<double>;
template std::string fidelity_warning(const Graph&, const VertexFidelity&, const NodeSettings<float>&, double);
template std::string fidelity_warning(const Graph&, const VertexFidelity&, const NodeSettings<double>&, double);

}  // namespace settle
