#include "actors/caf/coordinator_actor.hpp"

#include "actors/caf/vertex_actor.hpp"
#include "actors/wire/peer_error.hpp"

namespace settle {
namespace {

BeginOrder order_of(const Stamp& stamp, const Trial& trial) {
  BeginOrder order{stamp, trial.number, trial.samples, {}, trial.relax, trial.learn};
  for (VertexId id = 0; id < trial.clamped->size(); ++id)
    if ((*trial.clamped)[id]) order.clamped.push_back(id);
  return order;
}

}  // namespace

template <class Scalar>
caf::behavior CoordinatorActor<Scalar>::make_behavior() {
  return {
      [this](const RunFeed<Scalar>& run) {
        run_ = run;
        if (given_up_)
          end(given_up_);
        else
          next_trial();
      },
      [this](PhaseDone) {
        if (run_.feed) look_for_rest();
      },
      [this](const ControlArrived& message) { take(message); },
      [this](const HostLost& lost) { give_up(std::make_exception_ptr(PeerGone(lost.cause))); },
      [this](const GiveUp& order) {
        if (!run_.feed) return;
        given_up_ = std::make_exception_ptr(InternalFault("this executor's run was given up: its messages are lost"));
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
  detector_.begin();
  if (!context_->alone()) tell_others(ControlKind::begin, encoded(order_of(stamp_, *trial_)));
  local_.begin(stamp_, trial_, context());
  look_for_rest();
}

template <class Scalar>
void CoordinatorActor<Scalar>::look_for_rest() {
  const HostId self = context_->options.role.self;
  if (const auto counts = local_.idle()) detector_.idle(self, *counts);
  while (const auto wave = detector_.wave()) {
    if (!context_->alone()) tell_others(ControlKind::wave, encoded(*wave));
    const auto counts = local_.idle();
    if (counts) reports_[self] = local_.report();
    detector_.answer(self, *wave, counts);
  }
  if (detector_.at_rest()) phase_done();
}

template <class Scalar>
void CoordinatorActor<Scalar>::phase_done() {
  if (context_->trace) context_->trace->phase_ends(trial_->number, stamp_.phase);
  try {
    if (auto failure = context_->take_failure()) std::rethrow_exception(failure);
    PhaseReport<Scalar> all = reports_.front();
    for (const PhaseReport<Scalar>& other : std::span(reports_).subspan(1)) merge(all, other);
    check_phase_done(stamp_, *trial_, all.unfinished);
    if (stamp_.phase == Phase::predict) predictions_ = std::move(all.sum.predictions);
    const Phase next = next_phase(stamp_.phase, *trial_);
    if (next == Phase::learn && all.sum.diverged) trial_ = without_learning(*trial_);
    if (next != Phase::idle) return begin_phase(next);
    report(all);
  } catch (...) {
    return end(std::current_exception());
  }
  next_trial();
}

template <class Scalar>
void CoordinatorActor<Scalar>::report(const PhaseReport<Scalar>& all) {
  if (context_->trace) context_->trace->trial_ends(asked_->number);
  TrialReport<Scalar> report = trial_report(all);
  report.predictions = std::move(predictions_);
  run_.feed->finished(*asked_, report);
}

template <class Scalar>
void CoordinatorActor<Scalar>::take(const ControlArrived& message) try {
  switch (message.kind) {
    case ControlKind::idle: {
      const auto notice = decoded<IdleNotice>(message.content);
      if (notice.stamp == stamp_) detector_.idle(message.from, notice.counts);
      break;
    }
    case ControlKind::answer: {
      auto answer = decoded<WaveAnswer<Scalar>>(message.content);
      reports_[message.from] = std::move(answer.report);
      detector_.answer(message.from, answer.wave, answer.counts);
      break;
    }
    case ControlKind::failed: {
      const auto failure = decoded<Failure>(message.content);
      throw Error(failure.code, failure.message);
    }
    default:
      throw BadData("host " + std::to_string(message.from) + " says what only a coordinator may say");
  }
  if (run_.feed) look_for_rest();
} catch (...) {
  give_up(std::current_exception());
}

template <class Scalar>
void CoordinatorActor<Scalar>::give_up(std::exception_ptr cause) {
  if (!given_up_) given_up_ = cause;
  if (run_.feed) end(cause);
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

template <class Scalar>
void CoordinatorActor<Scalar>::tell_others(ControlKind kind, const Bytes& content) {
  const HostRole<Scalar>& role = context_->options.role;
  for (HostId host = 0; host < role.hosts; ++host)
    if (host != role.self) role.transport->control(host, static_cast<std::uint16_t>(kind), content);
}

template class CoordinatorActor<float>;
template class CoordinatorActor<double>;

}  // namespace settle
