// LSTM, gates in the order input, output, forget, candidate:
//   i = f(..), o = f(..), forget = f(..), c~ = g(..),   c = forget c' + i c~,   h = o h(c)
// with .. = x W^T + b + h' R^T + b', and of i, forget and o a peephole P c (o sees the new c).
#include "graph/onnx/ops/list.hpp"
#include "graph/onnx/ops/recurrence.hpp"
#include "graph/ops/arithmetic.hpp"

namespace settle::onnx {
namespace {

enum Gate : std::int64_t { input, output, forget, candidate };

CellState lstm_cell(const NodeView& node, const Step& step, const CellState& before) {
  const auto sum = [&](Gate gate, const ExpressionPtr& seen) {
    return sum_of({step.from_input(gate), step.from_hidden(gate, before.hidden),
                   gate == candidate ? nullptr : step.peephole(gate, seen)});
  };
  const ExpressionPtr i = step.vertex("input", step.activated(0, sum(input, before.cell)));
  ExpressionPtr kept;
  if (before.cell) {
    const bool coupled = node.flag("input_forget", false);
    const ExpressionPtr f = step.vertex(
        "forget", coupled ? apply(sub_op(), {constant(1), i}) : step.activated(0, sum(forget, before.cell)));
    kept = product_of(f, before.cell);
  }
  const ExpressionPtr c = step.vertex("candidate", step.activated(1, sum(candidate, nullptr)));
  const ExpressionPtr cell = step.state("cell", sum_of({kept, product_of(i, c)}), before.cell);
  const ExpressionPtr o = step.vertex("output", step.activated(0, sum(output, cell)));
  return {step.state("hidden", product_of(o, step.activated(2, cell)), before.hidden), cell};
}

Values lstm(const NodeView& node) {
  return unrolled(node, {.gates = 4, .activations = {"Sigmoid", "Tanh", "Tanh"}, .has_cell = true}, lstm_cell);
}

constexpr Operator kOperators[] = {{.name = "LSTM", .import = lstm}};

}  // namespace

std::span<const Operator> lstm_operators() { return kOperators; }

}  // namespace settle::onnx
