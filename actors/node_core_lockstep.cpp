// Lockstep pacing: local synchronisation without a global barrier. Step t:
//   (a) value(t) goes to the children (a token where values do not move),
//   (b) once every moving parent's value(t) is here: prediction, xi(t), feedback(t) to the moving parents,
//   (c) once every child's feedback(t) is here: value(t + 1) (or xi(t + 1)).
// After `steps` steps (a) and the first half of (b) run once more, so that xi fits the final values. A neighbour is at
// most one step ahead, so a slot keeps at most one early message. An edge from a vertex that does not move carries
// nothing.
#include "actors/node_core.hpp"

namespace settle {

template <class Scalar>
void NodeCore<Scalar>::begin_lockstep() {
  if (!lockstep_) lockstep_ = std::make_unique<Lockstep>();
  lockstep_->values_sent = lockstep_->refreshed = false;
  lockstep_->arrived = {};
  lockstep_->early.clear();
  lockstep_->moving_parents = 0;
  for (const Sent& parent : sent_feedback_) lockstep_->moving_parents += parent.moving;
  lockstep_->reporting_children = moving(id_) ? static_cast<std::uint32_t>(feedback_.size()) : 0;
}

template <class Scalar>
void NodeCore<Scalar>::receive_lockstep(const Message<Scalar>& message) {
  ++lockstep_->arrived[static_cast<std::size_t>(message.kind)][message.version % 2];
  if (message.version == step_)
    take_in(message.kind, message.slot, message.token, message.tensor);
  else
    lockstep_->early.push_back({message.kind, message.token, message.slot, message.tensor});
}

template <class Scalar>
void NodeCore<Scalar>::take_in(MessageKind kind, Slot slot, bool token, const Payload<Scalar>& tensor) {
  (kind == MessageKind::value ? values_ : feedback_)[slot].versions = step_ + 1;
  if (token || (kind == MessageKind::value && settings_->rule->rests(node_, step_))) return;
  store(kind, slot, tensor);
}

template <class Scalar>
void NodeCore<Scalar>::step(Outbox<Scalar>& outbox) {
  const Rule<Scalar>& rule = *settings_->rule;
  Lockstep& own = *lockstep_;
  const auto arrived = [&](MessageKind kind) -> std::uint32_t& {
    return own.arrived[static_cast<std::size_t>(kind)][step_ % 2];
  };
  const std::vector<Edge>& parents = node_.vertex().parents;
  const auto last = static_cast<std::uint32_t>(*settings_->steps);
  while (report_.completed != stamp_) {
    const bool final_refresh = step_ == last;
    if (final_refresh && !rule.moves_values()) return conclude();
    if (!own.values_sent && moving(id_)) {
      const bool token = !rule.moves_values();
      post_value(outbox, step_, token ? nullptr : node_.value(), token);
    }
    own.values_sent = true;
    if (!own.refreshed) {
      if (arrived(MessageKind::value) < own.moving_parents) return;
      refresh();
      own.refreshed = true;
      if (final_refresh) return conclude();
      for (Slot slot = 0; slot < parents.size(); ++slot)
        if (sent_feedback_[slot].moving != 0)
          post(outbox, parents[slot].vertex, MessageKind::feedback, parents[slot].slot, step_, node_.feedback(slot));
    }
    if (arrived(MessageKind::feedback) < own.reporting_children) return;
    note(advance());
    // All slots are filled anew: let go of the tensors, and the children write the next ones where these were.
    if (moving(id_)) node_.clear_feedback();
    ++report_.acts;
    arrived(MessageKind::value) = arrived(MessageKind::feedback) = 0;
    next_step();
  }
}

template <class Scalar>
void NodeCore<Scalar>::next_step() {
  ++step_;
  lockstep_->values_sent = lockstep_->refreshed = false;
  for (const Early& each : lockstep_->early) take_in(each.kind, each.slot, each.token, each.tensor);
  lockstep_->early.clear();
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
