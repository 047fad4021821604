// Purpose: the relu whose slope below 0 is learned (He et al. 2015, ONNX PRelu).
//   y = x > 0 ? x : slope x,   a_x = x > 0 ? a_y : slope a_y,   a_slope = x > 0 ? 0 : x a_y, summed over broadcast axes
// The slope broadcasts to x; at x = 0 the derivative is the left one.
// Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// Inputs: x, slope.
OpPtr prelu_op();

// prelu(x, slope)
OperatorFamily prelu_family();

}  // namespace settle
