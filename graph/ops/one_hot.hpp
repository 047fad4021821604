// Purpose: between classes as numbers and classes as axes.
//   one_hot:  y[.., c, ..] = x[..] == c ? on : off along a new axis of `depth`; x from -depth on counts from the end,
//   and
//             any other x is off everywhere (ONNX OneHot)
//   argmax, argmin: the position of the largest or smallest element along an axis, the first of several, or the last
// All adjoints are 0. A NaN gives NaN: for all classes, or as the position.
// Errors: BadConfig for a depth below 1 or an axis that is not there. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// The axis is one of the result.
OpPtr one_hot_op(std::int64_t depth, std::int64_t axis_from_end = -1, double off = 0, double on = 1);

// `keep`: the axis stays, with extent 1. `last`: the last of equal elements.
OpPtr argmax_op(std::int64_t axis_from_end = -1, bool keep = false, bool last = false);
OpPtr argmin_op(std::int64_t axis_from_end = -1, bool keep = false, bool last = false);

// one_hot(x, depth, axis=-1), argmax(x, axis=-1, keep=0), argmin(x, axis=-1, keep=0)
OperatorFamily one_hot_family();

}  // namespace settle
