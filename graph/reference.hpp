// Purpose: all nodes of a graph in one plain loop: the predict sweep, non-local backprop, and lockstep relaxation as a
// Jacobi iteration. The oracle that executors are compared with, the `backprop` rule, and the `direct` baseline of
// benchmarks: it calls the same Node functions without a message.
// Source: Millidge, Tschantz & Buckley 2020, algorithm 1. Thread rule: one owner.
#pragma once

#include <deque>
#include <functional>
#include <optional>

#include "graph/node.hpp"
#include "graph/trial.hpp"

namespace settle {

template <class Scalar>
class Reference {
 public:
  Reference(GraphPtr graph, std::uint64_t seed, const OptimizerSettings& optimizer);

  const Graph& graph() const noexcept { return *graph_; }
  Node<Scalar>& node(VertexId id) noexcept { return nodes_[id]; }
  const Node<Scalar>& node(VertexId id) const noexcept { return nodes_[id]; }

  // Clamps and predicts, in the graph's order; vertices on a cycle are predicted from each other's first values.
  // Returns the loss: the energy of the clamped computed vertices.
  double predict(const Trial& trial, const ClampSource<Scalar>& source);

  // The first vertex whose data of this trial are not finite, or whose precision was not positive, if any.
  std::optional<VertexId> spoilt() const noexcept { return spoilt_; }

  // xi = -dL/dv^ everywhere, in one reverse sweep; L is the loss, or F~ of Node where a free vertex's precision is
  // predicted. Requires: predict; no cycles.
  void backprop();

  // `steps` synchronous steps of the rule; xi is consistent with the values afterwards. `watch`, if set, is called with
  // t = 0..steps, the nodes being as they are at t. With `reduction`, a rule that learns in relax does. Requires:
  // predict.
  void relax(const Rule<Scalar>& rule, std::uint64_t steps, const std::function<void(std::uint64_t)>& watch = {},
             std::optional<double> reduction = {});

  // Parameter vertices, and clamped inputs where asked, receive the feedback of the present xi.
  void collect_leaf_feedback(bool inputs);
  // The first parameter vertex whose gradient was not finite and that therefore has not learned, if any.
  std::optional<VertexId> learn(double reduction);

  double free_energy() const;

 private:
  void bound_curvatures();
  void note_spoilt(VertexId id);
  void collect_feedback(Node<Scalar>& node);
  void refresh(const Rule<Scalar>& rule, std::uint64_t step, bool learns);

  GraphPtr graph_;
  OptimizerSettings optimizer_;
  std::deque<Node<Scalar>> nodes_;
  std::optional<VertexId> spoilt_;
};

}  // namespace settle
