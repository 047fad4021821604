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
  values_sent_ = refreshed_ = false;
  arrived_ = {};
  early_.clear();
  moving_parents_ = 0;
  for (const Edge& parent : node_.vertex().parents) moving_parents_ += moving(parent.vertex) ? 1 : 0;
  reporting_children_ = moving(id_) ? static_cast<std::uint32_t>(feedback_.size()) : 0;
}

template <class Scalar>
void NodeCore<Scalar>::receive_lockstep(const Message<Scalar>& message) {
  ++arrived_[static_cast<std::size_t>(message.kind)][message.version % 2];
  if (message.version == step_)
    take_in(message.kind, message.slot, message.token, message.tensor);
  else
    early_.push_back({message.kind, message.token, message.slot, message.tensor});
}

template <class Scalar>
void NodeCore<Scalar>::take_in(MessageKind kind, Slot slot, bool token, const Payload<Scalar>& tensor) {
  (kind == MessageKind::value ? values_ : feedback_)[slot] = {.reported = true, .version = step_};
  if (token || (kind == MessageKind::value && settings_->rule->rests(node_, step_))) return;
  store(kind, slot, tensor);
}

template <class Scalar>
void NodeCore<Scalar>::step(Outbox<Scalar>& outbox) {
  const Rule<Scalar>& rule = *settings_->rule;
  const auto arrived = [&](MessageKind kind) -> std::uint32_t& {
    return arrived_[static_cast<std::size_t>(kind)][step_ % 2];
  };
  const std::vector<Edge>& parents = node_.vertex().parents;
  const auto last = static_cast<std::uint32_t>(*settings_->steps);
  while (report_.completed != stamp_) {
    const bool final_refresh = step_ == last;
    if (final_refresh && !rule.moves_values()) return conclude();
    if (!values_sent_ && moving(id_)) {
      const bool token = !rule.moves_values();
      post_value(outbox, step_, token ? nullptr : node_.value(), token);
    }
    values_sent_ = true;
    if (!refreshed_) {
      if (arrived(MessageKind::value) < moving_parents_) return;
      refresh();
      refreshed_ = true;
      if (final_refresh) return conclude();
      for (Slot slot = 0; slot < parents.size(); ++slot)
        if (moving(parents[slot].vertex))
          post(outbox, parents[slot].vertex, MessageKind::feedback, parents[slot].slot, step_, node_.feedback(slot));
    }
    if (arrived(MessageKind::feedback) < reporting_children_) return;
    note(advance());
    ++report_.acts;
    arrived(MessageKind::value) = arrived(MessageKind::feedback) = 0;
    next_step();
  }
}

template <class Scalar>
void NodeCore<Scalar>::next_step() {
  ++step_;
  values_sent_ = refreshed_ = false;
  for (const Early& each : early_) take_in(each.kind, each.slot, each.token, each.tensor);
  early_.clear();
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
