// Purpose: backprop's gradient parted by the length of the paths over which it comes, for the closed forms of
// fixed-prediction relaxation. Caller: tests. Thread rule: one owner.
#pragma once

#include <vector>

#include "graph/reference.hpp"

namespace settle::test {

inline Tensor<double> error_of(const Node<double>& node) {
  if (node.weighted_error()) return node.weighted_error().copy();
  return Tensor<double>(node.prediction()->shape());
}

// What reaches each vertex over paths of exactly `hops` edges from the clamped vertices: one Jacobian product per edge,
// from evaluators of this test's own.
class PathSums {
 public:
  PathSums(const Reference<double>& reference, std::int64_t batch) : reference_(reference), batch_(batch) {
    for (VertexId id = 0; id < graph().size(); ++id) {
      const Node<double>& node = reference.node(id);
      const bool source = node.clamped() && node.vertex().kind == VertexKind::computed;
      now_.push_back(source ? error_of(node) : Tensor<double>(node.value()->shape()));
    }
  }
  const Tensor<double>& of(VertexId id) const { return now_[id]; }

  void hop() {
    std::vector<Tensor<double>> next;
    for (VertexId id = 0; id < graph().size(); ++id) {
      next.emplace_back(now_[id].shape());
      const Node<double>& node = reference_.node(id);
      if (!node.free()) continue;
      for (const Edge& edge : node.vertex().children) {
        const Tensor<double> part = jacobian_product(edge, now_[id].shape());
        for (std::int64_t i = 0; i < part.size(); ++i) next.back().data()[i] += part.data()[i];
      }
    }
    now_ = std::move(next);
    ++hops_;
  }

 private:
  const Graph& graph() const { return reference_.graph(); }

  Tensor<double> jacobian_product(const Edge& child, const Shape& shape) const {
    const Node<double>& node = reference_.node(child.vertex);
    Evaluator<double> evaluator(*node.vertex().program);
    evaluator.bind(batch_);
    for (Slot slot = 0; slot < node.vertex().parents.size(); ++slot)
      evaluator.set_parent(slot, reference_.node(node.vertex().parents[slot].vertex).value()->view());
    for (std::uint32_t k = 0; k < node.parameter_count(); ++k) evaluator.set_parameter(k, node.parameter(k).view());
    Tensor<double> location(node.value()->shape());
    Tensor<double> precision(node.value()->shape());
    evaluator.forward(location.view(), precision.view());
    const Tensor<double>& xi = now_[child.vertex];
    // Of what is held, and never again: hidden precisions are constant.
    Tensor<double> zeta(xi.shape());
    const bool infers = hops_ == 0 && node.vertex().precision_kind == PrecisionKind::inferred;
    for (std::int64_t i = 0; infers && i < zeta.size(); ++i) {
      const double p = precision.data()[i], error = xi.data()[i] / p;
      zeta.data()[i] = 0.5 * (1 / p - error * error);
    }
    evaluator.set_root(xi.view(), std::as_const(zeta).view());
    Tensor<double> result(shape);
    evaluator.parent_adjoint(child.slot, result.view());
    return result;
  }

  const Reference<double>& reference_;
  std::int64_t batch_;
  std::uint64_t hops_ = 0;
  std::vector<Tensor<double>> now_;
};

}  // namespace settle::test
