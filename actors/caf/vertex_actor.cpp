#include "actors/caf/vertex_actor.hpp"

namespace settle {

template <class Scalar>
VertexActor<Scalar>::VertexActor(caf::actor_config& config, Context<Scalar>* context, VertexId id)
    : caf::event_based_actor(config),
      context_(context),
      id_(id),
      ticks_(context->settings.pacing == Pacing::asynchronous && !context->settings.rule->memoryless()) {
  core_.emplace(*context->graph, id, context->settings);
}

template <class Scalar>
template <class Delivery>
void VertexActor<Scalar>::handle(Delivery deliver) {
  try {
    deliver();
  } catch (...) {
    context_->fail(std::current_exception());
  }
  handled_.store(handled() + 1, std::memory_order_relaxed);
  if (context_->outstanding.lower()) caf::anon_send(context_->coordinator, PhaseDone{});
}

template <class Scalar>
caf::behavior VertexActor<Scalar>::make_behavior() {
  return {
      [this](const Message<Scalar>& message) { handle([&] { core_->receive(message, *this); }); },
      [this](const Begin& begin) { handle([&] { core_->begin(begin, *this); }); },
      [this](WakeUp) { handle([&] { core_->wake(*this); }); },
      [this](const DescribeWait& report) {
        std::string text = core_->waits_for(context_->stamp());
        const std::lock_guard lock(report->mutex);
        if (!text.empty()) report->waiting.emplace_back(id_, std::move(text));
        ++report->answers;
        report->answered.notify_one();
      },
  };
}

template <class Scalar>
void VertexActor<Scalar>::send(VertexId receiver, const Message<Scalar>& message) {
  context_->outstanding.raise();
  if (context_->newest_values) {
    const bool value = message.kind == MessageKind::value;
    const auto& offsets = value ? context_->value_offsets : context_->feedback_offsets;
    auto& newest = value ? context_->newest_values : context_->newest_feedback;
    newest[offsets[receiver] + message.slot].store(message.version, std::memory_order_relaxed);
  }
  if (context_->options.lose && context_->options.lose(receiver, message)) return;
  caf::anon_send(context_->vertices[receiver], message);
}

template <class Scalar>
void VertexActor<Scalar>::wake() {
  context_->outstanding.raise();
  if (ticks_)
    caf::anon_send(context_->ticker, TickOf{id_});
  else
    caf::anon_send(context_->vertices[id_], WakeUp{});
}

template <class Scalar>
std::uint32_t VertexActor<Scalar>::newest(MessageKind kind, Slot slot) const {
  return kind == MessageKind::value
             ? context_->newest_values[context_->value_offsets[id_] + slot].load(std::memory_order_relaxed)
             : context_->newest_feedback[context_->feedback_offsets[id_] + slot].load(std::memory_order_relaxed);
}

template class VertexActor<float>;
template class VertexActor<double>;

}  // namespace settle
