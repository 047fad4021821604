// Asynchronous pacing: act on what has arrived, tell what has changed, tick on until settled.
#include <cstring>

#include "actors/node_core.hpp"
#include "graph/eigen.hpp"

namespace settle {
namespace {

// How far one tensor is from another, where nothing stands for zeros.
template <class Scalar>
Change change_between(const Payload<Scalar>& now, const Payload<Scalar>& before) {
  if (!now) return {largest_magnitude(array(before->view())), 0};
  const auto a = array(now->view());
  const double magnitude = largest_magnitude(a);
  return {before ? largest_magnitude(a - array(before->view())) : magnitude, magnitude};
}

// Send-on-delta. At tolerance 0 any other bit counts, so that what rests in the slots is what backprop would have
// there. What is not finite is news whatever the tolerance.
template <class Scalar>
bool differs(const Payload<Scalar>& now, const Payload<Scalar>& before, double tolerance, SendDelta delta) {
  if (now == before) return false;
  if (tolerance == 0)
    return !now || !before ||
           std::memcmp(now->data(), before->data(), static_cast<std::size_t>(now->size()) * sizeof(Scalar)) != 0;
  const Change change = change_between(now, before);
  switch (delta) {
    case SendDelta::mixed:
      return !change.settled(tolerance);
    case SendDelta::absolute:
      return !(change.largest <= tolerance);
    case SendDelta::relative:
      return !(change.largest <= tolerance * change.magnitude);
  }
  return true;
}

}  // namespace

template <class Scalar>
void NodeCore<Scalar>::schedule(Outbox<Scalar>& outbox) {
  if (scheduled_) return;
  scheduled_ = true;
  outbox.wake();
}

template <class Scalar>
void NodeCore<Scalar>::receive_asynchronous(const Message<Scalar>& message, Outbox<Scalar>& outbox) {
  if (message.gain >= 0) note_answer(message);
  if (message.token) {
    if (!waits_for_answers() && !stopped_) schedule(outbox);
    return;
  }
  store(message);
  if (stopped_) {
    report_.unsettled = true;  // news that it may no longer act on
  } else if (settings_->wake == Wake::eager || report_.acts > 0) {
    schedule(outbox);
  } else if (pending_ == 0) {
    act(outbox);
  }
}

template <class Scalar>
void NodeCore<Scalar>::wake(Outbox<Scalar>& outbox) {
  scheduled_ = false;
  if (!stopped_) act(outbox);
}

template <class Scalar>
void NodeCore<Scalar>::count_ages(Outbox<Scalar>& outbox) {
  const auto count = [&](MessageKind kind, const std::vector<Inbound>& slots) {
    for (Slot slot = 0; slot < slots.size(); ++slot) {
      if (!slots[slot].reported()) continue;
      const std::uint32_t age = outbox.newest(kind, slot) - slots[slot].version();
      ++(*ages_)[std::min<std::size_t>(age, ages_->size() - 1)];
    }
  };
  count(MessageKind::value, values_);
  count(MessageKind::feedback, feedback_);
}

template <class Scalar>
void NodeCore<Scalar>::begin_answers() {
  if (!answers_) answers_ = std::make_unique<Answers>();
  answers_->missing = 0;
  answers_->known.assign(feedback_.size(), 0);
  answers_->told.assign(values_.size(), 0);
}

template <class Scalar>
void NodeCore<Scalar>::note_answer(const Message<Scalar>& feedback) {
  const auto newest = static_cast<std::uint16_t>(sent_value_.versions);
  std::uint16_t& known = answers_->known[feedback.slot];
  if (feedback.heard != newest || known == newest) return;  // late, or come twice
  known = newest;
  --answers_->missing;
}

template <class Scalar>
void NodeCore<Scalar>::act(Outbox<Scalar>& outbox) {
  const Rule<Scalar>& rule = *settings_->rule;
  ++report_.acts;
  if (ages_) count_ages(outbox);
  refresh();
  const bool waits = waits_for_answers();
  bool settled = !waits;
  if (!waits && (moving(id_) || settings_->learns_in_relax(*trial_))) {
    const Change change = advance();
    note(change);
    settled = rule.memoryless() || change.settled(settings_->tolerance);
    refresh();
  }
  report_changes(outbox);
  conclude();
  report_.unsettled = waits;  // and stays so where a child has stopped for good
  if (report_.diverged || (settings_->steps && report_.acts >= *settings_->steps)) {
    stopped_ = true;
    report_.unsettled = !settled;
  } else if (!settled && !waits) {
    schedule(outbox);
  }
}

template <class Scalar>
void NodeCore<Scalar>::report_changes(Outbox<Scalar>& outbox) {
  const double tolerance = settings_->send_tolerance.value_or(settings_->tolerance);
  const auto news = [&](Sent& sent, const Payload<Scalar>& tensor) {
    if (sent.versions > 0 && !differs(tensor, sent.tensor, tolerance, settings_->send_delta)) return false;
    sent.tensor = tensor;
    ++sent.versions;
    return true;
  };
  const auto heard = [&](Slot slot) { return static_cast<std::uint16_t>(values_[slot].versions); };
  if (settings_->rule->moves_values() && moving(id_) && news(sent_value_, node_.value())) {
    post_value(outbox, sent_value_.versions - 1, sent_value_.tensor);
    if (answers_) answers_->missing = static_cast<std::uint32_t>(feedback_.size());
  }
  const std::vector<Edge>& parents = node_.vertex().parents;
  for (Slot slot = 0; slot < parents.size(); ++slot) {
    Sent& sent = sent_feedback_[slot];
    if (sent.moving == 0) continue;
    const bool changed = news(sent, node_.feedback(slot));
    if (!changed && !(answers_ && answers_->told[slot] != heard(slot))) continue;
    if (answers_) answers_->told[slot] = heard(slot);
    post(outbox, parents[slot].vertex, MessageKind::feedback, parents[slot].slot, sent.versions - 1,
         changed ? sent.tensor : nullptr, !changed, answers_ ? answers_->told[slot] : std::uint16_t{0});
  }
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
