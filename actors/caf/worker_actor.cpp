#include "actors/caf/worker_actor.hpp"

#include "actors/caf/vertex_actor.hpp"
#include "actors/wire/peer_error.hpp"

namespace settle {

template <class Scalar>
caf::behavior WorkerActor<Scalar>::make_behavior() {
  return {
      [this](PhaseDone) { look_for_idleness(); },
      [this](const ControlArrived& message) { take(message); },
      [this](const HostLost& lost) {
        const auto cause = std::make_exception_ptr(PeerGone(lost.cause));
        lost.host == 0 ? end(cause) : fail(cause);
      },
      [this](const GiveUp& order) { fail(std::make_exception_ptr(InternalFault(order.report))); },
  };
}

template <class Scalar>
void WorkerActor<Scalar>::take(const ControlArrived& message) try {
  if (!done_) return;
  switch (message.kind) {
    case ControlKind::begin:
      return begin(decoded<BeginOrder>(message.content));
    case ControlKind::wave: {
      WaveAnswer<Scalar> answer{decoded<std::uint64_t>(message.content), local_.idle(), {}};
      if (answer.counts) answer.report = local_.report();
      return tell_coordinator(ControlKind::answer, std::move(answer));
    }
    case ControlKind::query:
      return tell_coordinator(ControlKind::reply, host_->answer(decoded<Query>(message.content)));
    case ControlKind::leave:
      return end(nullptr);
    default:
      throw BadData("host " + std::to_string(message.from) + " says what only a host may say");
  }
} catch (...) {
  fail(std::current_exception());
}

template <class Scalar>
void WorkerActor<Scalar>::begin(const BeginOrder& order) {
  const std::size_t vertices = host_->context().graph->size();
  if (!clamped_ || order.clamped != clamped_ids_) {
    if (std::ranges::any_of(order.clamped, [&](VertexId id) { return id >= vertices; }))
      throw BadData("host 0 clamps a vertex that is not there");
    clamped_ids_ = order.clamped;
    clamped_ = clamp_set(*host_->context().graph, clamped_ids_);
  }
  local_.begin(order.stamp,
               std::make_shared<Trial>(Trial{order.trial, order.samples, clamped_, order.relax, order.learn}),
               context());
  look_for_idleness();
}

template <class Scalar>
void WorkerActor<Scalar>::look_for_idleness() {
  if (auto failure = host_->context().take_failure()) return fail(failure);
  if (const auto counts = local_.idle()) tell_coordinator(ControlKind::idle, IdleNotice{local_.stamp(), *counts});
}

template <class Scalar>
template <class Content>
void WorkerActor<Scalar>::tell_coordinator(ControlKind kind, Content content) {
  host_->context().options.role.transport->control(0, static_cast<std::uint16_t>(kind), encoded(std::move(content)));
}

template <class Scalar>
void WorkerActor<Scalar>::fail(std::exception_ptr cause) {
  if (!done_) return;
  Failure failure = to_failure(cause);
  failure.message = "host " + std::to_string(host_->context().options.role.self) + ": " + failure.message;
  tell_coordinator(ControlKind::failed, std::move(failure));
  end(cause);
}

template <class Scalar>
void WorkerActor<Scalar>::end(std::exception_ptr cause) {
  std::promise<void>* promise = std::exchange(done_, nullptr);
  if (!promise) return;
  if (cause)
    promise->set_exception(cause);
  else
    promise->set_value();
}

template class WorkerActor<float>;
template class WorkerActor<double>;

}  // namespace settle
