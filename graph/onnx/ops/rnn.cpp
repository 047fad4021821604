// RNN:   h = f(x W^T + b + h' R^T + b')
#include "graph/onnx/ops/list.hpp"
#include "graph/onnx/ops/recurrence.hpp"

namespace settle::onnx {
namespace {

CellState rnn_cell(const NodeView&, const Step& step, const CellState& before) {
  const ExpressionPtr sum = sum_of({step.from_input(0), step.from_hidden(0, before.hidden)});
  return {step.state("hidden", step.activated(0, sum), before.hidden), nullptr};
}

Values rnn(const NodeView& node) { return unrolled(node, {.gates = 1, .activations = {"Tanh"}}, rnn_cell); }

constexpr Operator kOperators[] = {{.name = "RNN", .import = rnn}};

}  // namespace

std::span<const Operator> rnn_operators() { return kOperators; }

}  // namespace settle::onnx
