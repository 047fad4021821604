// Relaxation in virtual time: the events of a phase in order, and what the acts that they bring about send.
#include <algorithm>
#include <bit>

#include "graph/error.hpp"
#include "sim/virtual/virtual_time_executor.hpp"

namespace settle {

template <class Scalar>
void VirtualTimeExecutor<Scalar>::relax(const std::shared_ptr<const Trial>& trial) {
  const AgeHistogram ages_before = ages();
  queues_ = {};
  flights_.clear();
  held_back_.clear();
  leaving_.clear();
  std::ranges::fill(ready_, Tick{0});
  std::ranges::fill(newest_, 0);
  std::ranges::fill(arrived_, 0);
  network_.begin(trial->number);
  clocks_.begin(*trial);
  now_ = messages_before_ = 0;
  for (VertexId id = 0; id < cores_.size(); ++id) messages_before_ += core(id).report().messages;
  if (!lockstep()) sample(0, 0);
  for (const VertexId id : casts_.of(*trial, Phase::relax).starters)
    at(id, 0, [&](NodeCore<Scalar>& core) { core.begin(Begin{stamp_, trial}, *this); });
  if (lockstep())
    relax_in_lockstep();
  else
    relax_asynchronously();
  last_.settled_after = now_;
  for (VertexId id = 0; id < cores_.size(); ++id) last_.acts += core(id).report().acts;
  last_.ages = ages();
  for (std::size_t age = 0; age < last_.ages.size(); ++age) last_.ages[age] -= ages_before[age];
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::relax_in_lockstep() {
  // Round 2t: the values of step t; round 2t + 1: the feedback. What a round brings about belongs to the next.
  const std::uint64_t steps = *settings_.steps;
  for (std::uint64_t round = 0; round <= 2 * steps; ++round) {
    EventQueue& queue = queues_[round % 2];
    while (!queue.empty()) {
      const Event event = queue.pop();
      if (!hold_back(event)) handle(event);
    }
    if (round % 2 == 1) continue;
    sample(now_, round / 2);
    for (const Event& event : held_back_) handle(event);
    held_back_.clear();
  }
}

template <class Scalar>
bool VirtualTimeExecutor<Scalar>::hold_back(const Event& event) {
  if (!observer_ || event.moment.kind() != EventKind::delivery) return false;
  Node<Scalar>& node = core(event.vertex).node();
  if (!node.vertex().childless() || !node.free() || settings_.rule->rests(node, event.version)) return false;
  const auto& flight = flights_.at(event.flight);
  if (!flight.token) node.set_parent(links_.slot(event.vertex, event.slot), flight.tensor);
  settings_.rule->refresh(node, event.version);
  held_back_.push_back(event);
  return true;
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::relax_asynchronously() {
  EventQueue& queue = queues_[0];
  const Tick every = options_.sample_every;
  Tick due = every;
  std::uint64_t samples = 1;
  bool changed = false;
  while (!queue.empty()) {
    const Event event = queue.pop();
    fetch_ahead(queue);
    const Tick tick = event.moment.tick();
    if (every > 0 && tick > due) {
      if (changed) sample(due, samples++);
      changed = false;
      due += (tick - due + every - 1) / every * every;
    }
    handle(event);
    changed = true;
  }
  sample(now_, samples);
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::fetch_ahead(const EventQueue& queue) const {
  constexpr std::size_t kFar = 10;
  constexpr std::size_t kNear = 5;
  constexpr std::size_t kLine = 64;
  if (const Event* far = queue.ahead(kFar)) {
    const auto* const core = reinterpret_cast<const char*>(&cores_[far->vertex]);
    for (std::size_t at = 0; at < sizeof cores_[0]; at += kLine) __builtin_prefetch(core + at, 1);
    if (far->moment.kind() == EventKind::delivery) flights_.expect(far->flight);
  }
  if (const Event* near = queue.ahead(kNear); near && near->moment.kind() == EventKind::delivery)
    core(near->vertex).expect(links_.kind(near->vertex, near->slot), links_.slot(near->vertex, near->slot));
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::handle(const Event& event) {
  const Tick tick = event.moment.tick();
  now_ = std::max(now_, tick);
  ++last_.events;
  if (event.moment.kind() == EventKind::act)
    return at(event.vertex, tick, [&](NodeCore<Scalar>& core) { core.wake(*this); });
  if (event.moment.kind() == EventKind::departure) return leave(tick, event);
  if ((!arrived_.empty() || !newest_.empty()) && !flights_.at(event.flight).token) note_arrival(event);
  if (trace_) trace_->arrives(event.vertex, event.flight, tick);
  auto flight = flights_.land(event.flight);
  const Message<Scalar> message{stamp_,
                                links_.kind(event.vertex, event.slot),
                                flight.token,
                                flight.heard,
                                links_.slot(event.vertex, event.slot),
                                event.version,
                                flight.gain,
                                std::move(flight.tensor)};
  at(event.vertex, tick, [&](NodeCore<Scalar>& core) { core.receive(message, *this); });
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::note_arrival(const Event& event) {
  const LinkId link = links_.first(event.vertex) + event.slot;
  if (!arrived_.empty()) {
    std::uint32_t& next = arrived_[link];
    if (event.version < next) {
      ++last_.superseded;
      return;
    }
    next = event.version + 1;
  }
  if (!newest_.empty()) slot_sent_[link] = flight_sent_[event.flight];
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::sample(Tick tick, std::uint64_t step) {
  if (observer_) observer_->sample(RelaxationSample<Scalar>(*this, tick, step, messages_before_ + last_.messages));
}

template <class Scalar>
template <class Doing>
void VirtualTimeExecutor<Scalar>::at(VertexId vertex, Tick tick, Doing doing) {
  doer_ = vertex;
  tick_ = tick;
  begun_ = noted_ = false;
  acts_before_ = core(vertex).report().acts;
  doing(core(vertex));
  if (begun_ || acts_done() > 0) {
    ready_[vertex] = next_act();
    now_ = std::max(now_, acts_end());
    if (trace_) trace_->worked(vertex, begins_, acts_end(), static_cast<std::uint32_t>(acts_done()));
  }
  leave_all();
}

template <class Scalar>
Tick VirtualTimeExecutor<Scalar>::act_begins() {
  if (!begun_) begins_ = clocks_.edge(doer_, std::max(tick_, ready_[doer_]));
  begun_ = true;
  return begins_;
}

template <class Scalar>
Tick VirtualTimeExecutor<Scalar>::acts_end() {
  const Tick begins = act_begins();
  if (acts_done() == 0) return begins;
  if (!std::exchange(noted_, true)) clocks_.acted(doer_, begins);
  return begins + acts_done() * clocks_.compute(doer_);
}

template <class Scalar>
Tick VirtualTimeExecutor<Scalar>::next_act() {
  const Tick end = acts_end();
  // However fast it is, an asynchronous vertex acts once at a clock edge.
  return lockstep() || acts_done() == 0 ? end : std::max(end, begins_ + 1);
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::send(VertexId receiver, const Message<Scalar>& message) {
  if (stamp_.phase != Phase::relax) {
    immediate_.push_back({receiver, message});
    if (trace_) trace_->sends_at_once(receiver, message.kind);
    return;
  }
  ++last_.messages;
  if (message.tensor) last_.bytes += static_cast<std::uint64_t>(message.tensor.size()) * sizeof(Scalar);
  const LinkId link = links_.link(receiver, message.kind, message.slot);
  if (!newest_.empty()) newest_[link] = message.version;
  if (options_.lose && options_.lose(receiver, message.kind, message.slot)) return;
  Event event;
  event.vertex = receiver;
  event.slot = links_.place(receiver, message.kind, message.slot);
  event.version = message.version;
  event.flight = flights_.take_off({message.token ? nullptr : delay_line_.shift(link, message.version, message.tensor),
                                    message.token, message.heard, message.gain});
  const Tick tick = acts_end();
  if (trace_) trace_->sends(event.flight, message.kind, tick);
  if (!newest_.empty()) {
    if (flight_sent_.size() <= event.flight) flight_sent_.resize(event.flight + 1);
    flight_sent_[event.flight] = tick;
  }
  // Who shares a wire with others queues when its turn has come, not before.
  if (network_.shares_wires() && tick > tick_) return push(event, tick, EventKind::departure);
  network_.expect(link);
  leaving_.push_back({tick, event});
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::leave_all() {
  for (const Leaving& each : leaving_) leave(each.tick, each.event);
  leaving_.clear();
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::wake() {
  Event event;
  event.vertex = doer_;
  event.moment = Moment(clocks_.edge(doer_, next_act()), EventKind::act);
  queues_[0].push(event);
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::leave(Tick tick, Event event) {
  const auto& tensor = flights_.at(event.flight).tensor;
  const std::uint64_t bytes = tensor ? static_cast<std::uint64_t>(tensor.size()) * sizeof(Scalar) : 0;
  const Network::Passage passage = network_.pass(links_.first(event.vertex) + event.slot, tick, bytes);
  switch (passage.fate) {
    case Network::Fate::arrives:
      return push(event, passage.tick, EventKind::delivery);
    case Network::Fate::lost:
      ++last_.resent;
      return push(event, passage.tick, EventKind::departure);
    case Network::Fate::dropped:
      ++last_.dropped;
      if (trace_) trace_->lost(tick);
      flights_.land(event.flight);
  }
}

template <class Scalar>
void VirtualTimeExecutor<Scalar>::push(Event event, Tick tick, EventKind kind) {
  if (tick >= kEndOfTime) throw BadConfig("virtual time ran out: give smaller times in [network]");
  event.moment = Moment(tick, kind);
  // Lockstep: values of step t are round 2t, feedback round 2t + 1.
  const bool odd = lockstep() && links_.kind(event.vertex, event.slot) == MessageKind::feedback;
  queues_[odd ? 1 : 0].push(event);
}

template <class Scalar>
std::uint32_t VirtualTimeExecutor<Scalar>::newest(MessageKind kind, Slot slot) {
  const LinkId link = links_.link(doer_, kind, slot);
  const auto octave = static_cast<std::size_t>(std::bit_width(act_begins() - slot_sent_[link]));
  ++last_.tick_ages[std::min(octave, last_.tick_ages.size() - 1)];
  return newest_[link];
}

template class VirtualTimeExecutor<float>;
template class VirtualTimeExecutor<double>;

}  // namespace settle
