// Purpose: matrix products.
//   matmul(a, b): numpy.matmul. The last two axes are matrices, all axes before them broadcast; a of rank 1 is a row, b
//     of rank 1 a column, and the axis that this adds is taken off the result:
//       [..., m, k] [..., k, n] -> [..., m, n],   a_a = a_y b^T,   a_b = a^T a_y,   summed over broadcast axes
//   gemm(a, b, c) = alpha op(a) op(b) + beta c, of matrices, op transposing or not; c (optional) broadcasts to the
//     result.
// The batch counts as an axis like others: it may be rows or broadcast, but is never summed over or moved from the
// front.
// Errors: BadConfig naming the shapes that do not fit. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

OpPtr matmul_op();

struct GemmOptions {
  double alpha = 1;
  double beta = 1;
  bool transpose_a = false;
  bool transpose_b = false;
};
// Inputs: a, b and, where it is given, c.
OpPtr gemm_op(const GemmOptions& options);

OperatorFamily matmul_family();

}  // namespace settle
