// Asynchronous pacing: act on what has arrived, tell what has changed, tick on until settled.
#include <cstring>

#include "actors/node_core.hpp"
#include "graph/eigen.hpp"

namespace settle {
namespace {

// Send-on-delta. At tolerance 0 any other bit counts, so that what rests in the slots is what backprop would have
// there.
template <class Scalar>
bool differs(const Payload<Scalar>& now, const Payload<Scalar>& before, double tolerance) {
  if (now == before) return false;
  if (!now || !before) {
    const Payload<Scalar>& one = now ? now : before;
    return tolerance == 0 || !(largest_magnitude(array(one->view())) <= tolerance);
  }
  if (tolerance == 0)
    return std::memcmp(now->data(), before->data(), static_cast<std::size_t>(now->size()) * sizeof(Scalar)) != 0;
  const auto a = array(now->view());
  const Change change{largest_magnitude(a - array(before->view())), largest_magnitude(a)};
  return !change.settled(tolerance);
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
void NodeCore<Scalar>::act(Outbox<Scalar>& outbox) {
  const Rule<Scalar>& rule = *settings_->rule;
  ++report_.acts;
  if (ages_) count_ages(outbox);
  refresh();
  bool settled = true;
  if (moving(id_) || settings_->learns_in_relax(*trial_)) {
    const Change change = advance();
    note(change);
    settled = rule.memoryless() || change.settled(settings_->tolerance);
    refresh();
  }
  report_changes(outbox);
  conclude();
  if (report_.diverged || (settings_->steps && report_.acts >= *settings_->steps)) {
    stopped_ = true;
    report_.unsettled = !settled;
  } else if (!settled) {
    schedule(outbox);
  }
}

template <class Scalar>
void NodeCore<Scalar>::report_changes(Outbox<Scalar>& outbox) {
  const auto news = [&](Sent& sent, const Payload<Scalar>& tensor) {
    if (sent.versions > 0 && !differs(tensor, sent.tensor, settings_->tolerance)) return false;
    sent.tensor = tensor;
    ++sent.versions;
    return true;
  };
  if (settings_->rule->moves_values() && moving(id_) && news(sent_value_, node_.value()))
    post_value(outbox, sent_value_.versions - 1, sent_value_.tensor);
  const std::vector<Edge>& parents = node_.vertex().parents;
  for (Slot slot = 0; slot < parents.size(); ++slot) {
    Sent& sent = sent_feedback_[slot];
    if (sent.moving == 0) continue;
    if (news(sent, node_.feedback(slot)))
      post(outbox, parents[slot].vertex, MessageKind::feedback, parents[slot].slot, sent.versions - 1, sent.tensor);
  }
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
