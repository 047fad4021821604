// Purpose: a tensor with pieces of it replaced, raised or multiplied where indices point (graph/ops/index_maps.hpp):
// ONNX ScatterElements and ScatterND.   y = x, then y[indices] = / += / *= updates
// Where several updates meet, the last one replaces; sums and products take all of them. The adjoint of indices is 0,
// and so is that of an element or an update that was replaced.
// Inputs of the operators: x, indices, updates. An index that points nowhere makes the whole result NaN, so that the
// run is reported as diverged and names the vertex; nothing outside is written.
// Errors: BadConfig for shapes that do not fit, and constant indices that are not there. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

enum class ScatterMode { replace, add, multiply };

OpPtr scatter_elements_op(std::int64_t axis_from_end, ScatterMode mode = ScatterMode::replace);
OpPtr scatter_nd_op(ScatterMode mode = ScatterMode::replace);

ExpressionPtr scatter_elements(const ExpressionPtr& x, const ExpressionPtr& indices, const ExpressionPtr& updates,
                               std::int64_t axis_from_end, ScatterMode mode = ScatterMode::replace);
ExpressionPtr scatter_nd(const ExpressionPtr& x, const ExpressionPtr& indices, const ExpressionPtr& updates,
                         ScatterMode mode = ScatterMode::replace);

// scatter_elements(x, indices, updates, axis=0, mode=replace)
OperatorFamily scatter_family();

}  // namespace settle
