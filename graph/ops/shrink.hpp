// Purpose: small values become 0 and others come nearer to it (ONNX Shrink; soft thresholding where bias = lambda).
//   y = x > lambda ? x - bias : x < -lambda ? x + bias : 0;   the derivative is 0 on [-lambda, lambda], else 1
// NaN stays NaN. Errors: none beyond the number of inputs. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr shrink_op(double lambda = 0.5, double bias = 0);

// shrink(x, lambda=0.5, bias=0)
OperatorFamily shrink_family();

}  // namespace settle
