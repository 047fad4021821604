#include "actors/caf/coordinator_actor.hpp"

#include "actors/caf/vertex_actor.hpp"
#include "actors/phase_end.hpp"

namespace settle {
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
  const std::vector<VertexId>& starters = casts_.of(*trial_, phase).starters;
  if (context_->trace) context_->trace->phase_begins(starters.size());
  if (starters.empty()) return phase_done();
  context_->outstanding.raise(static_cast<std::int64_t>(starters.size()));
  for (const VertexId id : starters)
    context_->shells[id]->post(std::make_unique<BeginParcel<Scalar>>(Begin{stamp_, trial_}), context());
}

template <class Scalar>
void CoordinatorActor<Scalar>::phase_done() {
  if (context_->trace) context_->trace->phase_ends(trial_->number, stamp_.phase);
  try {
    if (auto failure = context_->take_failure()) std::rethrow_exception(failure);
    check_phase_done(*context_->graph, casts_.of(*trial_, stamp_.phase), stamp_, *trial_, core_of());
    if (stamp_.phase == Phase::predict) note_predictions();
    const Phase next = next_phase(stamp_.phase, *trial_);
    if (next == Phase::learn) trial_ = without_learning_from_divergence(*context_->graph, std::move(trial_), core_of());
    if (next != Phase::idle) return begin_phase(next);
    report();
  } catch (...) {
    return end(std::current_exception());
  }
  next_trial();
}

template <class Scalar>
void CoordinatorActor<Scalar>::note_predictions() {
  predictions_.clear();
  for (const VertexId id : context_->graph->outputs())
    predictions_.push_back(context_->shells[id]->core().node().prediction());
}

template <class Scalar>
void CoordinatorActor<Scalar>::report() {
  if (context_->trace) context_->trace->trial_ends(asked_->number);
  TrialReport<Scalar> sum = sum_of_reports<Scalar>(*context_->graph, core_of());
  sum.predictions = std::move(predictions_);
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
