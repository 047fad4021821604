// Purpose: elements picked by a tensor of indices (graph/ops/index_maps.hpp): ONNX Gather, GatherElements, GatherND.
//   y = x[indices],   a_x[indices] += a_y (an element picked twice takes both),   the adjoint of indices is 0
// Inputs of the operators: x, indices. What an index that points nowhere picks is NaN, so that the run is reported as
// diverged and names the vertex; nothing outside of x is read. Constant indices are checked when the model is made.
// Errors: BadConfig for shapes that do not fit, and constant indices that are not there. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// x's axis is replaced by the axes of the indices. `batch_axes` 1: x and indices share their first axis.
OpPtr gather_op(std::int64_t axis_from_end, std::size_t batch_axes = 0);
// One index for each element of the result.
OpPtr gather_elements_op(std::int64_t axis_from_end);
// The last axis of the indices is a position in x's first axes, after `batch_axes` that both share.
OpPtr gather_nd_op(std::size_t batch_axes = 0);

ExpressionPtr gather(const ExpressionPtr& x, const ExpressionPtr& indices, std::int64_t axis_from_end,
                     std::size_t batch_axes = 0);
ExpressionPtr gather_elements(const ExpressionPtr& x, const ExpressionPtr& indices, std::int64_t axis_from_end);
ExpressionPtr gather_nd(const ExpressionPtr& x, const ExpressionPtr& indices, std::size_t batch_axes = 0);

// gather(x, indices, axis=0): where both have a batch, each sample has indices of its own.
// gather_elements(x, indices, axis=0)
// embedding(x, count, units, share=NAME): row x of a weight [count, units].
OperatorFamily gather_family();

}  // namespace settle
