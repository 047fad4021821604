// The learn phase: energies, the feedback that parameter vertices and read-out inputs sum, and the parameters' own
// step.
#include <cmath>

#include "actors/node_core.hpp"

namespace settle {

template <class Scalar>
bool NodeCore<Scalar>::wants_leaf_feedback(VertexId id) const {
  return !moving(id) && (*graph_)[id].kind != VertexKind::computed &&
         NodeCore::participates(*graph_, id, Phase::learn, *trial_, *settings_);
}

template <class Scalar>
void NodeCore<Scalar>::begin_learn(Outbox<Scalar>& outbox) {
  // Values that came after the last act allowed by `steps`: the errors that learn must fit them.
  if (stopped_) refresh();
  report_.energy = node_.energy();
  if (!std::isfinite(report_.energy)) report_.diverged = true;
  // Feedback first: it is formed with the parameters that predicted.
  const std::vector<Edge>& parents = node_.vertex().parents;
  for (Slot slot = 0; slot < parents.size(); ++slot)
    if (wants_leaf_feedback(parents[slot].vertex))
      post(outbox, parents[slot].vertex, MessageKind::feedback, parents[slot].slot, 0, node_.feedback(slot));
  if (node_.vertex().kind == VertexKind::computed) {
    learn();
    conclude();
  } else {
    learn_if_ready();
  }
}

template <class Scalar>
void NodeCore<Scalar>::learn_if_ready() {
  if (pending_ > 0 || report_.completed == stamp_) return;  // a message that comes twice must not teach twice
  learn();
  conclude();
}

template <class Scalar>
void NodeCore<Scalar>::learn() {
  if (trial_->learn == LearnMode::read_out) gradients_ = node_.read_out();
  if (trial_->learn != LearnMode::update || report_.diverged || settings_->learns_in_relax(*trial_)) return;
  report_.refused = !node_.learn(reduction());
}

template class NodeCore<float>;
template class NodeCore<double>;

}  // namespace settle
