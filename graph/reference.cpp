#include "graph/reference.hpp"

#include <cassert>

#include "graph/eigen.hpp"

namespace settle {

std::shared_ptr<const std::vector<char>> clamp_set(const Graph& graph, std::span<const VertexId> ids) {
  auto flags = std::make_shared<std::vector<char>>(graph.size(), 0);
  for (const VertexId id : ids) (*flags)[id] = 1;
  return flags;
}

template <class Scalar>
bool read_clamped(const ClampSource<Scalar>& source, VertexId vertex, const Trial& trial, Tensor<Scalar>& out) {
  source.read(vertex, trial.samples, out);
  return array(std::as_const(out).view()).allFinite();
}

template bool read_clamped(const ClampSource<float>&, VertexId, const Trial&, Tensor<float>&);
template bool read_clamped(const ClampSource<double>&, VertexId, const Trial&, Tensor<double>&);

template <class Scalar>
Reference<Scalar>::Reference(GraphPtr graph, std::uint64_t seed, const OptimizerSettings& optimizer)
    : graph_(std::move(graph)), optimizer_(optimizer) {
  for (VertexId id = 0; id < graph_->size(); ++id) nodes_.emplace_back(*graph_, id, seed, optimizer_);
}

template <class Scalar>
double Reference<Scalar>::predict(const Trial& trial, const ClampSource<Scalar>& source) {
  double loss = 0;
  spoilt_.reset();
  for (Node<Scalar>& each : nodes_) {
    each.begin_trial(trial.batch(), (*trial.clamped)[each.id()] != 0);
    if (!each.clamped()) continue;
    each.hold([&](Tensor<Scalar>& data) {
      if (!read_clamped(source, each.id(), trial, data)) note_spoilt(each.id());
    });
  }
  for (const VertexId id : graph_->order()) {
    Node<Scalar>& node = nodes_[id];
    if (node.vertex().kind != VertexKind::computed) continue;
    for (Slot slot = 0; slot < node.vertex().parents.size(); ++slot)
      node.set_parent(slot, nodes_[node.vertex().parents[slot].vertex].value());
    node.predict();
    if (!node.precise()) note_spoilt(id);
    if (node.clamped()) loss += node.energy();
  }
  return loss;
}

template <class Scalar>
void Reference<Scalar>::note_spoilt(VertexId id) {
  if (!spoilt_ || id < *spoilt_) spoilt_ = id;
}

template <class Scalar>
void Reference<Scalar>::collect_feedback(Node<Scalar>& node) {
  for (Slot slot = 0; slot < node.vertex().children.size(); ++slot) {
    const Edge& child = node.vertex().children[slot];
    node.set_feedback(slot, nodes_[child.vertex].feedback(child.slot));
  }
}

template <class Scalar>
void Reference<Scalar>::backprop() {
  assert(graph_->acyclic());
  const std::span<const VertexId> order = graph_->order();
  for (auto place = order.rbegin(); place != order.rend(); ++place) {
    const VertexId id = *place;
    Node<Scalar>& node = nodes_[id];
    if (!node.free()) continue;
    collect_feedback(node);
    node.assign_weighted_error(node.sum_feedback());
  }
}

template <class Scalar>
void Reference<Scalar>::refresh(const Rule<Scalar>& rule, std::uint64_t step, bool learns) {
  if (!rule.moves_values()) return;
  for (Node<Scalar>& node : nodes_) {
    if (rule.rests(node, step)) continue;
    for (Slot slot = 0; slot < node.vertex().parents.size(); ++slot) {
      const Node<Scalar>& parent = nodes_[node.vertex().parents[slot].vertex];
      if (parent.free() || (learns && parent.vertex().kind == VertexKind::parameter))
        node.set_parent(slot, parent.value());
    }
    rule.refresh(node, step);
    if (!node.precise()) note_spoilt(node.id());
  }
}

template <class Scalar>
void Reference<Scalar>::bound_curvatures() {
  for (Node<Scalar>& node : nodes_) {
    std::vector<Slot> moving;
    for (Slot slot = 0; slot < node.vertex().parents.size(); ++slot)
      if (nodes_[node.vertex().parents[slot].vertex].free()) moving.push_back(slot);
    node.bound_curvature(std::move(moving));
  }
  for (Node<Scalar>& node : nodes_)
    for (Slot slot = 0; slot < node.vertex().children.size(); ++slot)
      node.set_child_gain(slot, static_cast<float>(nodes_[node.vertex().children[slot].vertex].gain()));
}

template <class Scalar>
void Reference<Scalar>::relax(const Rule<Scalar>& rule, std::uint64_t steps,
                              const std::function<void(std::uint64_t)>& watch, std::optional<double> reduction) {
  const bool learns = reduction && rule.learns_in_relax();
  for (Node<Scalar>& node : nodes_)
    if (node.free()) rule.begin(node);
  if (rule.follows_curvature()) bound_curvatures();
  for (std::uint64_t t = 0;; ++t) {
    refresh(rule, t, learns);
    if (watch) watch(t);
    if (t == steps) return;
    for (Node<Scalar>& node : nodes_)
      if (node.free() || (learns && node.vertex().kind == VertexKind::parameter)) collect_feedback(node);
    for (Node<Scalar>& node : nodes_) {
      if (node.free()) rule.advance(node, t);
      if (learns && !node.learn_in_relax(*reduction)) note_spoilt(node.id());
    }
  }
}

template <class Scalar>
void Reference<Scalar>::collect_leaf_feedback(bool inputs) {
  for (Node<Scalar>& node : nodes_) {
    const VertexKind kind = node.vertex().kind;
    if (kind == VertexKind::parameter || (inputs && kind == VertexKind::input && node.clamped()))
      collect_feedback(node);
  }
}

template <class Scalar>
std::optional<VertexId> Reference<Scalar>::learn(double reduction) {
  std::optional<VertexId> refused;
  for (Node<Scalar>& node : nodes_)
    if (!node.learn(reduction) && !refused) refused = node.id();
  return refused;
}

template <class Scalar>
double Reference<Scalar>::free_energy() const {
  double sum = 0;
  for (const Node<Scalar>& node : nodes_) sum += node.energy();
  return sum;
}

template class Reference<float>;
template class Reference<double>;

}  // namespace settle
