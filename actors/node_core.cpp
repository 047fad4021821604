#include "actors/node_core.hpp"

#include <cmath>

namespace settle {
namespace {

// A value or error beyond this has run away: no float64 or float32 model of use comes near it.
constexpr double kRunaway = 1e15;

template <class Scalar>
bool moves(const Graph& graph, VertexId id, const Trial& trial, const NodeSettings<Scalar>& settings) {
  return graph[id].kind == VertexKind::parameter ? settings.learns_in_relax(trial) : !(*trial.clamped)[id];
}

}  // namespace

template <class Scalar>
NodeCore<Scalar>::NodeCore(const Graph& graph, VertexId id, const NodeSettings<Scalar>& settings)
    : graph_(&graph),
      settings_(&settings),
      id_(id),
      node_(graph, id, settings.seed, settings.optimizer),
      values_(graph[id].parents.size()),
      feedback_(graph[id].children.size()),
      sent_feedback_(graph[id].parents.size()) {
  if (settings.staleness) ages_ = std::make_unique<AgeHistogram>();
}

template <class Scalar>
bool NodeCore<Scalar>::participates(const Graph& graph, VertexId id, Phase phase, const Trial& trial,
                                    const NodeSettings<Scalar>& settings) {
  const Vertex& vertex = graph[id];
  const bool learns = settings.learns_in_relax(trial);
  switch (phase) {
    case Phase::predict:
      return true;
    case Phase::relax:
      return moves(graph, id, trial, settings) ||
             (vertex.kind == VertexKind::computed &&
              (learns || std::ranges::any_of(vertex.parents, [&](const Edge& edge) {
                 return moves(graph, edge.vertex, trial, settings);
               })));
    case Phase::learn:
      return vertex.kind == VertexKind::computed ||
             (vertex.kind == VertexKind::parameter && trial.learn != LearnMode::none && !learns) ||
             (vertex.kind == VertexKind::input && (*trial.clamped)[id] && trial.learn == LearnMode::read_out);
    case Phase::idle:
      break;
  }
  return false;
}

template <class Scalar>
bool NodeCore<Scalar>::starts(const Graph& graph, VertexId id, Phase phase, const Trial& trial,
                              const NodeSettings<Scalar>& settings) {
  if (!participates(graph, id, phase, trial, settings)) return false;
  const Vertex& vertex = graph[id];
  if (phase == Phase::relax && settings.pacing == Pacing::asynchronous && settings.wake == Wake::gather)
    return vertex.childless() || !moves(graph, id, trial, settings);
  if (phase == Phase::learn) return vertex.childless() || vertex.kind == VertexKind::computed;
  return true;
}

template <class Scalar>
bool NodeCore<Scalar>::moving(VertexId id) const {
  return moves(*graph_, id, *trial_, *settings_);
}

template <class Scalar>
bool NodeCore<Scalar>::enter(const Stamp& stamp) {
  if (stamp <= stamp_) return false;
  stamp_ = stamp;
  begun_ = false;
  for (auto* slots : {&values_, &feedback_})
    for (Inbound& slot : *slots) slot = {};
  switch (stamp.phase) {
    case Phase::predict:
      report_ = {};
      pending_ = static_cast<std::uint32_t>(values_.size());
      break;
    case Phase::relax:
      stopped_ = false;
      sent_value_ = {};
      for (Slot slot = 0; slot < sent_feedback_.size(); ++slot) {
        sent_feedback_[slot] = {};
        sent_feedback_[slot].moving = moving(node_.vertex().parents[slot].vertex) ? 1 : 0;
      }
      pending_ = moving(id_) ? static_cast<std::uint32_t>(feedback_.size()) : 0;
      step_ = 0;
      if (node_.free()) settings_->rule->begin(node_);
      if (settings_->rule->follows_curvature()) bound_curvature();
      if (settings_->pacing == Pacing::lockstep)
        begin_lockstep();
      else if (settings_->rule->follows_curvature())
        begin_answers();
      break;
    case Phase::learn:
      pending_ = static_cast<std::uint32_t>(feedback_.size());
      break;
    case Phase::idle:
      break;
  }
  return true;
}

template <class Scalar>
void NodeCore<Scalar>::begin(const Begin& begin, Outbox<Scalar>& outbox) {
  enter(begin.stamp);
  begun_ = true;
  trial_ = begin.trial;  // the same through all phases, but that what diverged does not learn
  switch (begin.stamp.phase) {
    case Phase::predict:
      node_.begin_trial(trial_->batch(), (*trial_->clamped)[id_] != 0);
      if (node_.clamped())
        node_.hold(
            [&](Tensor<Scalar>& data) { report_.diverged = !read_clamped(*settings_->source, id_, *trial_, data); });
      if (node_.vertex().cyclic()) post_value(outbox, 0, node_.value());
      predict_if_ready(outbox);
      break;
    case Phase::relax:
      if (settings_->pacing == Pacing::lockstep)
        step(outbox);
      else if (settings_->wake == Wake::eager)
        schedule(outbox);
      else if (report_.acts == 0 && pending_ == 0)
        act(outbox);
      break;
    case Phase::learn:
      begin_learn(outbox);
      break;
    case Phase::idle:
      break;
  }
}

template <class Scalar>
void NodeCore<Scalar>::receive(const Message<Scalar>& message, Outbox<Scalar>& outbox) {
  enter(message.stamp);
  switch (message.stamp.phase) {
    case Phase::predict:
      store(message);
      predict_if_ready(outbox);
      break;
    case Phase::relax:
      if (message.gain >= 0) node_.set_child_gain(message.slot, message.gain);
      if (settings_->pacing == Pacing::lockstep) {
        receive_lockstep(message);
        step(outbox);
      } else {
        receive_asynchronous(message, outbox);
      }
      break;
    case Phase::learn:
      store(message);
      learn_if_ready();
      break;
    case Phase::idle:
      break;
  }
}

template <class Scalar>
void NodeCore<Scalar>::store(MessageKind kind, Slot slot, const Payload<Scalar>& tensor) {
  if (kind == MessageKind::value)
    node_.set_parent(slot, tensor);
  else
    node_.set_feedback(slot, tensor);
}

template <class Scalar>
void NodeCore<Scalar>::store(const Message<Scalar>& message) {
  Inbound& inbound = (message.kind == MessageKind::value ? values_ : feedback_)[message.slot];
  if (message.version + 1 < inbound.versions) return;
  if (!inbound.reported() && pending_ > 0) --pending_;
  inbound.versions = message.version + 1;
  store(message.kind, message.slot, message.tensor);
}

template <class Scalar>
void NodeCore<Scalar>::predict_if_ready(Outbox<Scalar>& outbox) {
  if (!begun_ || pending_ > 0 || report_.completed == stamp_) return;
  if (node_.vertex().kind == VertexKind::computed) {
    node_.predict();
    if (!node_.precise()) report_.diverged = true;
    if (node_.clamped()) report_.loss = node_.energy();
  }
  if (!node_.vertex().cyclic()) post_value(outbox, 0, node_.value());
  conclude();
}

template <class Scalar>
void NodeCore<Scalar>::post(Outbox<Scalar>& outbox, VertexId receiver, MessageKind kind, Slot slot,
                            std::uint32_t version, const Payload<Scalar>& tensor, bool token, std::uint32_t heard) {
  ++report_.messages;
  if (tensor) report_.bytes += static_cast<std::uint64_t>(tensor.size()) * sizeof(Scalar);
  const float gain = kind == MessageKind::feedback ? static_cast<float>(node_.gain()) : -1;
  outbox.send(receiver,
              Message<Scalar>{stamp_, kind, token, static_cast<std::uint16_t>(heard), slot, version, gain, tensor});
}

template <class Scalar>
void NodeCore<Scalar>::post_value(Outbox<Scalar>& outbox, std::uint32_t version, const Payload<Scalar>& tensor,
                                  bool token) {
  for (const Edge& child : node_.vertex().children)
    post(outbox, child.vertex, MessageKind::value, child.slot, version, tensor, token);
}

template <class Scalar>
void NodeCore<Scalar>::bound_curvature() {
  std::vector<Slot> moving_parents;
  const std::vector<Edge>& parents = node_.vertex().parents;
  for (Slot slot = 0; slot < parents.size(); ++slot)
    if (moving(parents[slot].vertex)) moving_parents.push_back(slot);
  node_.bound_curvature(std::move(moving_parents));
}

template <class Scalar>
void NodeCore<Scalar>::refresh() {
  settings_->rule->refresh(node_, step_);
  if (!node_.precise()) report_.diverged = true;
}

template <class Scalar>
Change NodeCore<Scalar>::advance() {
  Change change;
  if (node_.free()) change = settings_->rule->advance(node_, step_);
  if (settings_->learns_in_relax(*trial_) && !report_.diverged && !node_.learn_in_relax(reduction()))
    report_.refused = true;
  return change;
}

template <class Scalar>
void NodeCore<Scalar>::note(const Change& change) {
  if (!(change.magnitude < kRunaway)) report_.diverged = true;
}

template <class Scalar>
std::string NodeCore<Scalar>::waits_for(const Stamp& present) const {
  if (!trial_) return {};
  const bool entered = present <= stamp_;  // otherwise not even the phase's first message has come
  const Phase phase = entered ? stamp_.phase : present.phase;
  if (!entered && !participates(*graph_, id_, phase, *trial_, *settings_)) return {};
  const bool done = entered && report_.completed >= stamp_;
  const bool relax = phase == Phase::relax;
  const bool lockstep = relax && settings_->pacing == Pacing::lockstep;
  // Asynchronously every moving neighbour reports at least once, also to a vertex that has acted without it.
  if (done && (!relax || lockstep)) return {};
  const std::uint32_t step = entered ? step_ : 0;
  std::string missing;
  const auto list = [&](const char* what, std::span<const Edge> edges, std::span<const Inbound> slots,
                        bool moving_only) {
    for (Slot slot = 0; slot < slots.size(); ++slot) {
      const bool here = entered && slots[slot].reported() && (!lockstep || slots[slot].version() == step);
      if (here || (moving_only && !moving(edges[slot].vertex))) continue;
      if (!missing.empty()) missing += ", ";
      missing += what + (*graph_)[edges[slot].vertex].name + "' (slot " + std::to_string(slot) + ")";
    }
  };
  const bool awaits_values = phase == Phase::predict ||
                             (lockstep ? !(entered && lockstep_->refreshed) : relax && settings_->rule->moves_values());
  const bool awaits_feedback = relax ? moving(id_) && !(lockstep && awaits_values)
                                     : phase == Phase::learn && node_.vertex().kind != VertexKind::computed;
  if (awaits_values) list("value from '", node_.vertex().parents, values_, relax);
  if (awaits_feedback) list("feedback from '", node_.vertex().children, feedback_, false);
  if (missing.empty()) {
    if (done) return {};
    missing = entered && begun_ ? "its own next act" : "the coordinator's word";
  }
  std::string text(phase_name(phase));
  if (lockstep) text += " step " + std::to_string(step);
  return text + ", waits for " + missing;
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
