// Purpose: running sums along an axis (ONNX CumSum).   y_i = x_0 + ... + x_i
// `exclusive` leaves x_i itself out, `reverse` sums from the end. The adjoint is the sum in the other direction.
// Errors: BadConfig for an axis that is not there. Axes count from the end. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr cumsum_op(std::int64_t axis_from_end, bool exclusive = false, bool reverse = false);

// cumsum(x, axis=-1, exclusive=0, reverse=0)
OperatorFamily cumsum_family();

}  // namespace settle
