#include "actors/caf/turn.hpp"

#include <caf/scheduler/worker.hpp>

#include "actors/caf/fair_sharing.hpp"
#include "actors/caf/vertex_actor.hpp"

namespace settle {

template <class Scalar>
void Turn<Scalar>::settle() {
  if (raised_ == 0 && handled_ == 0 && held_ == 0) return;  // one that only described may come between runs
  total_handled_ += static_cast<std::uint64_t>(handled_);
  if (context_.trace) context_.trace->outstanding(lane(), raised_ - handled_);
  const bool last = context_.outstanding.settle(raised_, handled_);
  raised_ = handled_ = 0;
  for (std::size_t k = 0; k < held_; ++k)
    sends_[k].receiver->post(std::unique_ptr<MessageParcel<Scalar>>(sends_[k].parcel), unit_);
  held_ = 0;
  if (last) caf::anon_send(context_.gate, PhaseDone{});
}

template <class Scalar>
void Turn<Scalar>::send(VertexId receiver, const Message<Scalar>& message) {
  if (!context_.owns(receiver)) return send_away(receiver, message);
  ++raised_;
  context_.note_newest(receiver, message);
  if (context_.options.lose && context_.options.lose(receiver, message)) return;
  if (held_ == sends_.size()) settle();
  sends_[held_++] = {context_.shells[receiver],
                     context_.trace ? new TracedParcel<Scalar>(message, {ActorTrace::now(), lane(), message.kind})
                                    : new MessageParcel<Scalar>(message)};
}

template <class Scalar>
const VertexReport& Turn<Scalar>::report() const {
  return context_.shells[id_]->core().report();
}

template <class Scalar>
void Turn<Scalar>::note_work(Instant begin, std::uint32_t acts) {
  context_.trace->worked(lane(), id_, context_.shells[id_]->core().stamp().phase, begin, acts);
}

template <class Scalar>
std::uint32_t Turn<Scalar>::lane() const {
  return static_cast<std::uint32_t>(static_cast<caf::scheduler::worker<FairSharing>*>(unit_)->id()) + 1;
}

template <class Scalar>
void Turn<Scalar>::send_away(VertexId receiver, const Message<Scalar>& message) {
  if (message.kind == MessageKind::value && context_.replicated(id_)) return;  // its replica there says the same
  context_.sent.fetch_add(1, std::memory_order_relaxed);
  context_.options.role.transport->send(context_.options.role.placement[receiver], receiver, message);
}

template <class Scalar>
void Turn<Scalar>::wake() {
  ++raised_;
  wakes_ = true;
}

template <class Scalar>
std::uint32_t Turn<Scalar>::newest(MessageKind kind, Slot slot) {
  return kind == MessageKind::value
             ? context_.newest_values[context_.value_offsets[id_] + slot].load(std::memory_order_relaxed)
             : context_.newest_feedback[context_.feedback_offsets[id_] + slot].load(std::memory_order_relaxed);
}

template class Turn<float>;
template class Turn<double>;

}  // namespace settle
