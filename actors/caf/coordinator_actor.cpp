#include "actors/caf/coordinator_actor.hpp"

#include <algorithm>

#include "actors/caf/vertex_actor.hpp"
#include "graph/error.hpp"

namespace settle {
namespace {

// Who takes part is kept for as many combinations as a run ever alternates between; a caller that makes a clamp set a
// trial must not make memory grow.
constexpr std::size_t kMostCasts = 64;

}  // namespace

template <class Scalar>
caf::behavior CoordinatorActor<Scalar>::make_behavior() {
  return {
      [this](const RunFeed<Scalar>& run) {
        run_ = run;
        if (given_up_)
          end(std::make_exception_ptr(InternalFault("this executor's run was given up: its messages are lost")));
        else
          next_trial();
      },
      [this](PhaseDone) {
        if (run_.feed) phase_done();
      },
      [this](const GiveUp& order) {
        if (!run_.feed) return;
        given_up_ = true;
        end(std::make_exception_ptr(InternalFault(order.report)));
      },
  };
}

template <class Scalar>
const typename CoordinatorActor<Scalar>::Cast& CoordinatorActor<Scalar>::cast(Phase phase) {
  if (casts_.size() >= kMostCasts) casts_.clear();
  const auto [entry, fresh] = casts_.try_emplace(CastKey{trial_->clamped, trial_->learn, phase});
  if (fresh) {
    const Graph& graph = *context_->graph;
    for (VertexId id = 0; id < graph.size(); ++id) {
      if (NodeCore<Scalar>::participates(graph, id, phase, *trial_)) entry->second.participants.push_back(id);
      if (NodeCore<Scalar>::starts(graph, id, phase, *trial_, context_->settings)) entry->second.starters.push_back(id);
    }
  }
  return entry->second;
}

template <class Scalar>
void CoordinatorActor<Scalar>::next_trial() {
  try {
    asked_ = trial_ = run_.feed->next();
  } catch (...) {
    return end(std::current_exception());
  }
  if (!trial_) return end(nullptr);
  ++sequence_;
  begin_phase(Phase::predict);
}

template <class Scalar>
void CoordinatorActor<Scalar>::begin_phase(Phase phase) {
  stamp_ = {sequence_, phase};
  context_->enter(stamp_);
  const std::vector<VertexId>& starters = cast(phase).starters;
  if (starters.empty()) return phase_done();
  context_->outstanding.raise(static_cast<std::int64_t>(starters.size()));
  for (const VertexId id : starters)
    context_->shells[id]->post(std::make_unique<BeginParcel<Scalar>>(Begin{stamp_, trial_}), context());
}

template <class Scalar>
void CoordinatorActor<Scalar>::phase_done() {
  try {
    if (auto failure = context_->take_failure()) std::rethrow_exception(failure);
    check_participants();
    if (stamp_.phase == Phase::predict) note_predictions();
    const Phase next = next_phase(stamp_.phase, *trial_);
    if (next == Phase::learn) forbid_learning_from_divergence();
    if (next != Phase::idle) return begin_phase(next);
    report();
  } catch (...) {
    return end(std::current_exception());
  }
  next_trial();
}

template <class Scalar>
void CoordinatorActor<Scalar>::check_participants() {
  std::string missing;
  for (const VertexId id : cast(stamp_.phase).participants) {
    const NodeCore<Scalar>& core = context_->shells[id]->core();
    if (core.report().completed != stamp_)
      missing += "\n  vertex '" + (*context_->graph)[id].name + "': " + core.waits_for(stamp_);
  }
  if (!missing.empty())
    throw InternalFault("nothing is in flight, yet the " + std::string(phase_name(stamp_.phase)) + " phase of trial " +
                        std::to_string(trial_->number) + " is not done:" + missing);
}

template <class Scalar>
void CoordinatorActor<Scalar>::note_predictions() {
  predictions_.clear();
  for (const VertexId id : context_->graph->outputs())
    predictions_.push_back(context_->shells[id]->core().node().prediction());
}

template <class Scalar>
void CoordinatorActor<Scalar>::forbid_learning_from_divergence() {
  if (std::ranges::none_of(context_->shells, [](auto* shell) { return shell->core().report().diverged; })) return;
  auto observed = std::make_shared<Trial>(*trial_);
  observed->learn = LearnMode::none;
  trial_ = std::move(observed);
}

template <class Scalar>
void CoordinatorActor<Scalar>::report() {
  TrialReport<Scalar> sum;
  sum.predictions = std::move(predictions_);
  for (VertexId id = 0; id < context_->shells.size(); ++id) add_report(sum, id, context_->shells[id]->core().report());
  // Whose energy is at fault is named before whose gradient that spoilt.
  for (VertexId id = 0; id < context_->shells.size() && !sum.diverged; ++id)
    if (context_->shells[id]->core().report().refused) sum.diverged = id;
  run_.feed->finished(*asked_, sum);
}

template <class Scalar>
void CoordinatorActor<Scalar>::end(std::exception_ptr failure) {
  trial_.reset();
  asked_.reset();
  const std::shared_ptr<std::promise<void>> promise = std::move(run_.promise);
  run_ = {};
  if (failure)
    promise->set_exception(failure);
  else
    promise->set_value();
}

template class CoordinatorActor<float>;
template class CoordinatorActor<double>;

}  // namespace settle
