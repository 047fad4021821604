// Purpose: the affine map, where a trial spends its time, of one tensor or of several side by side.
//   x [..., in] (every axis but the last is a row), weight [out, in], bias [out]:   y = x W^T + b,  [..., out]
//   a_x = a_y W,   a_W = a_y^T x,   a_b = sum of a_y's rows
// Several x_k [..., in_k] are mapped as what they are when joined along the last axis, in place and without a copy:
//   y = sum_k x_k W[:, columns of k]^T + b
// Adjoints with `accumulate` write straight into the result, so W += (scaled a_y)^T x needs no gradient tensor.
// Errors: BadConfig where x has no axis to map or the weight does not fit it. Thread rule: pure functions.
#pragma once

#include <string>

#include "graph/function.hpp"

namespace settle {

// Inputs: `parts` tensors x_k, weight and, with `bias`, the bias.
OpPtr linear_op(bool bias, std::size_t parts = 1);

// A linear map of x with parameters of its own, VERTEX.weight and VERTEX.bias, for models described in code. What x
// joins along its last axis is mapped in place.
// Errors: BadConfig where x has no axis to map, or units < 1.
ExpressionPtr linear(const ExpressionPtr& x, std::int64_t units, const std::string& vertex, bool bias = true);

// linear(x, units, bias=1, share=NAME): the vertex's own weight and bias, or NAME.weight and NAME.bias, which vertices
// share.
OperatorFamily linear_family();

}  // namespace settle
