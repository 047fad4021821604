#include "actors/caf/local_host.hpp"

#include "actors/caf/vertex_actor.hpp"

namespace settle {

template <class Scalar>
LocalHost<Scalar>::LocalHost(Context<Scalar>& context)
    : context_(context),
      casts_(*context.graph, context.settings, [&context](VertexId id, Phase phase, const Trial& trial) {
        return context.owns(id) || (context.shells[id] && phase == Phase::predict && (*trial.clamped)[id]);
      }) {
  for (VertexId id = 0; id < context.graph->size(); ++id)
    if (context.owns(id)) own_.push_back(id);
}

template <class Scalar>
void LocalHost<Scalar>::begin(const Stamp& stamp, std::shared_ptr<const Trial> trial, caf::execution_unit* unit) {
  stamp_ = stamp;
  trial_ = std::move(trial);
  context_.enter(stamp);
  context_.clamped = trial_->clamped;
  const std::vector<VertexId>& starters = casts_.of(*trial_, stamp.phase).starters;
  if (context_.trace) context_.trace->phase_begins(starters.size());
  context_.outstanding.raise(static_cast<std::int64_t>(starters.size()));
  for (const VertexId id : starters)
    context_.shells[id]->post(std::make_unique<BeginParcel<Scalar>>(Begin{stamp_, trial_}), unit);
}

template <class Scalar>
std::optional<HostCounts> LocalHost<Scalar>::idle() const {
  // Nothing acts but on what is outstanding, and only what arrives brings something: where that count has not moved
  // around the look at the others, all were of one moment.
  const std::uint64_t received = context_.received.load(std::memory_order_acquire);
  if (!context_.outstanding.none()) return std::nullopt;
  const std::uint64_t sent = context_.sent.load(std::memory_order_relaxed);
  if (context_.received.load(std::memory_order_acquire) != received) return std::nullopt;
  return HostCounts{sent, received};
}

template <class Scalar>
PhaseReport<Scalar> LocalHost<Scalar>::report() {
  const auto core_of = [this](VertexId id) -> const NodeCore<Scalar>& { return context_.shells[id]->core(); };
  PhaseReport<Scalar> report;
  if (stamp_.phase != Phase::predict || !trial_->relax) report = sum_of_reports<Scalar>(own_, core_of);
  report.unfinished = unfinished(*context_.graph, casts_.of(*trial_, stamp_.phase).participants, stamp_, core_of);
  if (stamp_.phase == Phase::predict)
    for (const VertexId id : context_.graph->outputs())
      report.sum.predictions.push_back(context_.owns(id) ? core_of(id).node().prediction() : nullptr);
  return report;
}

template class LocalHost<float>;
template class LocalHost<double>;

}  // namespace settle
