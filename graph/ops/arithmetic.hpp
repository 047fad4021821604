// Purpose: arithmetic of two tensors under numpy's broadcasting rule, which the language writes + - * /,
// min(x, y) and max(x, y).
//   y[i] = f(a[i], b[i]);  an adjoint is summed over the axes along which its operand was broadcast, in C order.
// Equal operands of min and max: the first one takes the whole adjoint.
// Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr add_op();
OpPtr sub_op();
OpPtr mul_op();
OpPtr div_op();
OpPtr min_op();
OpPtr max_op();

OperatorFamily arithmetic_family();

}  // namespace settle
