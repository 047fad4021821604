// Purpose: arithmetic of two tensors under numpy's broadcasting rule, which the language writes + - * / and min(x, y),
// max(x, y) (graph/ops/reduce.hpp), mod(x, y), fmod(x, y).
//   y[i] = f(a[i], b[i]);  an adjoint is summed over the axes along which its operand was broadcast, in C order.
// Equal operands of min and max: the first one takes the whole adjoint.
// mod = a - b floor(a / b) has b's sign, as in Python; fmod = a - b trunc(a / b) has a's, as in C.
// Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include <span>

#include "graph/function.hpp"

namespace settle {

OpPtr add_op();
OpPtr sub_op();
OpPtr mul_op();
OpPtr div_op();
OpPtr min_op();
OpPtr max_op();
OpPtr mod_op();
OpPtr fmod_op();

// op(op(op(a, b), c), ...): ONNX Sum, Min and Max of any number of tensors. Errors: BadConfig for none.
ExpressionPtr folded(const OpPtr& op, std::span<const ExpressionPtr> terms);

OperatorFamily arithmetic_family();

}  // namespace settle
