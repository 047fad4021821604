// Purpose: axes in another order.   y[i_p(0), i_p(1), ...] = x[i_0, i_1, ...]   (numpy.transpose, ONNX Transpose)
// The permutation is of all axes, the batch's included, which stays first.
// Errors: BadConfig where it is no permutation of the input's axes, or moves the batch. Thread rule: pure functions.
#pragma once

#include <vector>

#include "graph/function.hpp"

namespace settle {

OpPtr transpose_op(std::vector<std::int64_t> permutation);

// transpose(x, axes...): a permutation of a sample's axes; none reverses them.
OperatorFamily transpose_family();

}  // namespace settle
