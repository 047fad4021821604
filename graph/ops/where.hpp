// Purpose: elements chosen by a condition, of three tensors that broadcast to one shape.
//   where: y[i] = condition[i] != 0 ? a[i] : b[i]     (numpy.where, ONNX Where)
//   a_a[i] = condition[i] != 0 ? a_y[i] : 0, a_b the other way round, summed over broadcast axes; the condition's is 0
// A condition that is NaN gives NaN. Errors: BadConfig for shapes that do not broadcast. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// Inputs: condition, a, b.
OpPtr where_op();

// x above (upper: on and above) the diagonal number `diagonal` of its last two axes, 0 elsewhere; below and on it where
// not upper. Diagonal 0 is the main one, 1 the one above. ONNX Trilu. Errors: BadConfig for fewer than two axes.
ExpressionPtr triangle(const ExpressionPtr& x, bool upper, std::int64_t diagonal = 0);

// where(condition, x, y), triangle(x, diagonal=0, upper=1)
OperatorFamily where_family();

}  // namespace settle
