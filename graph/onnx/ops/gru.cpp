// GRU, gates in the order update, reset, candidate:
//   z = f(..), r = f(..),   h = (1 - z) c + z h'
//   c = g(x W^T + b + (r h') R^T + b'), or with linear_before_reset  g(x W^T + b + r (h' R^T + b'))
// with .. = x W^T + b + h' R^T + b'.
#include "graph/onnx/ops/list.hpp"
#include "graph/onnx/ops/recurrence.hpp"
#include "graph/ops/arithmetic.hpp"

namespace settle::onnx {
namespace {

enum Gate : std::int64_t { update, reset, candidate };

CellState gru_cell(const NodeView& node, const Step& step, const CellState& before) {
  const auto gate = [&](Gate which, const std::string& name) {
    const ExpressionPtr sum = sum_of({step.from_input(which), step.from_hidden(which, before.hidden)});
    return step.vertex(name, step.activated(0, sum));
  };
  const ExpressionPtr z = gate(update, "update");
  const ExpressionPtr r = gate(reset, "reset");
  const ExpressionPtr from_hidden = node.flag("linear_before_reset", false)
                                        ? product_of(r, step.from_hidden(candidate, before.hidden))
                                        : step.from_hidden(candidate, product_of(r, before.hidden));
  const ExpressionPtr c =
      step.vertex("candidate", step.activated(1, sum_of({step.from_input(candidate), from_hidden})));
  const ExpressionPtr fresh = product_of(apply(sub_op(), {constant(1), z}), c);
  return {step.state("hidden", sum_of({fresh, product_of(z, before.hidden)}), before.hidden), nullptr};
}

Values gru(const NodeView& node) { return unrolled(node, {.gates = 3, .activations = {"Sigmoid", "Tanh"}}, gru_cell); }

constexpr Operator kOperators[] = {{.name = "GRU", .import = gru}};

}  // namespace

std::span<const Operator> gru_operators() { return kOperators; }

}  // namespace settle::onnx
