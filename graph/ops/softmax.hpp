// Purpose: softmax and its logarithm along one axis, stable for logits of any size.
//   softmax      y = exp(x - max) / sum of exp(x - max)     a_x = y (a_y - sum of a_y y)
//   log_softmax  y = x - max - log sum of exp(x - max)      a_x = a_y - exp(y) sum of a_y
// The axis counts from the end (graph/ops/axes.hpp) and is never the batch. Shapes: y is of x's shape.
// A NaN, or an infinite maximum, makes its whole line along the axis NaN. Nothing is allocated.
// Errors: BadConfig for an axis that is not there. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr softmax_op(std::int64_t axis_from_end = -1);
OpPtr log_softmax_op(std::int64_t axis_from_end = -1);

OperatorFamily softmax_family();

}  // namespace settle
