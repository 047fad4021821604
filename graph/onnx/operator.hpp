// Purpose: how an ONNX operator is imported: a handler that turns a node into expressions over graph/ops. One family of
// operators per file under graph/onnx/ops, joined by one list (graph/onnx/ops/list.cpp).
//
// Adding an operator: a handler and a line in its family's table; for a new family also a line in ops/list.
//
//   // LeakyRelu: alpha (0.01).
//   Values leaky_relu(const NodeView& node) {
//     return {node.input(0).with(apply(leaky_relu_op(node.number("alpha", kAlpha)), {node[0]}))};
//   }
//
// A handler knows nothing of vertices, granularity, training and folding. It returns one Value per output of the
// operator, in order (an output that the node does not want, `!node.wants(k)`, may be left null), and is called for all
// kinds of inputs alike: where the result turns out to depend on constants only, the importer evaluates the returned
// expression in double and goes on with a constant. So Add serves for weights, data and shapes. Where a handler needs
// numbers (an axis, a shape), it asks `node.integers(k)`.
// A handler follows the operator's specification for operator sets `since` to 17 and asks node.opset() where they
// differ. It throws what NodeView and `apply` throw; the importer adds the node's name, operator and operator set.
// Files: arithmetic, constants (Constant, Range, Cast, ...), convolution (and pooling), elementwise, indexing (Gather,
// Scatter, OneHot, ...), linear_algebra (Gemm, MatMul), logic (comparisons, Where, ...), loss, normalisation (and
// softmax), pieces (Concat, Split, Slice, Pad, ...), reduction, shape (Shape, Reshape, Transpose, ...), and the
// recurrences rnn, lstm and gru. Thread rule: handlers are pure functions.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "graph/onnx/node_view.hpp"

namespace settle::onnx {

using Values = std::vector<Value>;

struct Operator {
  std::string_view name;
  Values (*import)(const NodeView& node);
  // The first operator set whose definition the handler follows; an older model is refused.
  std::int64_t since = 7;
  // One tensor in, one of the same shape out, element by element: at granularity `layer` it takes in the vertex that it
  // alone consumes.
  bool unary = false;
};

// Null where there is none of that name.
const Operator* find_operator(std::string_view name);

}  // namespace settle::onnx
