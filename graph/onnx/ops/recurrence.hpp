// Purpose: what RNN, LSTM and GRU nodes share: their operands, checked, and the unrolling over time in one or both
// directions. A cell (rnn.cpp, lstm.cpp, gru.cpp) says what one step does; every gate, cell state and hidden state is a
// vertex of its own, named OUTPUT.DIRECTION.TIME.GATE ("Y.forward.3.forget"), and so is the input of each time step
// ("Y.input.3"). Initialisers W, R, B and P are sliced where they are used, so they stay what the model names.
//   inputs   X [time, batch, in], W [directions, gates hidden, in], R [directions, gates hidden, hidden],
//            B [directions, 2 gates hidden] (of W, then of R), sequence_lens [batch], initial_h and initial_c
//            [directions, batch, hidden], P [directions, peepholes hidden]
//   outputs  Y [time, directions, batch, hidden], Y_h and Y_c [directions, batch, hidden]
// With `layout` 1 (operator set 14 on), batch comes first in X, Y, the initial and the last states.
// From a sample's length on, Y is 0 and its states stay; backwards, a sample starts at its last step.
// Thread rule: one owner; lives as long as the handler's call.
#pragma once

#include <string>
#include <vector>

#include "graph/onnx/ops/activation.hpp"

namespace settle::onnx {

// Null stands for zeros.
struct CellState {
  ExpressionPtr hidden;
  ExpressionPtr cell;
};

struct CellKind {
  std::int64_t gates = 1;
  std::vector<std::string> activations;  // the defaults of one direction
  bool has_cell = false;                 // a cell state beside the hidden one, and so the inputs initial_c and P
};

// The sum of those that are not null; null where none is.
ExpressionPtr sum_of(std::initializer_list<ExpressionPtr> terms);
// a b; null where one is.
ExpressionPtr product_of(const ExpressionPtr& a, const ExpressionPtr& b);

// One time step in one direction, as a cell sees it.
class Step {
 public:
  Step(const NodeView& node, const CellKind& kind, std::size_t direction, std::string prefix, ExpressionPtr x,
       std::span<const Activation> activations, ExpressionPtr running)
      : node_(node),
        kind_(kind),
        direction_(static_cast<std::int64_t>(direction)),
        prefix_(std::move(prefix)),
        x_(std::move(x)),
        activations_(activations),
        running_(std::move(running)) {}

  // x W^T + b of that gate.
  ExpressionPtr from_input(std::int64_t gate) const;
  // h R^T + b; b alone where h is null, and null where there is no b either.
  ExpressionPtr from_hidden(std::int64_t gate, const ExpressionPtr& hidden) const;
  // P of that gate times the cell state; null where there is none.
  ExpressionPtr peephole(std::int64_t gate, const ExpressionPtr& cell) const;
  // The k-th activation, of what the attribute `clip` leaves.
  ExpressionPtr activated(std::size_t k, const ExpressionPtr& x) const;

  ExpressionPtr vertex(const std::string& name, const ExpressionPtr& tensor) const {
    return node_.inner(prefix_ + name, tensor);
  }
  // A state: what it was before, for samples that have come to their end.
  ExpressionPtr state(const std::string& name, const ExpressionPtr& next, const ExpressionPtr& before) const;

 private:
  std::int64_t hidden_size() const { return node_.shape(2)[2]; }
  ExpressionPtr weight_of(std::size_t input, std::int64_t gate) const;
  ExpressionPtr bias_of(std::int64_t half, std::int64_t gate) const;

  const NodeView& node_;
  const CellKind& kind_;
  std::int64_t direction_;
  std::string prefix_;
  ExpressionPtr x_;
  std::span<const Activation> activations_;
  ExpressionPtr running_;  // a truth value a sample; null where all run
};

using Cell = CellState (*)(const NodeView& node, const Step& step, const CellState& before);

// The node's outputs: Y, Y_h and, of a kind that has a cell, Y_c. Errors: as NodeView.
Values unrolled(const NodeView& node, const CellKind& kind, Cell cell);

}  // namespace settle::onnx
