// Purpose: maxima and means over windows of 1 to 3 spatial axes, as ONNX's MaxPool, AveragePool, GlobalMaxPool and
// GlobalAveragePool. The last axes of x are spatial, as many as the kernel has extents; every axis before them stays.
//   max_pool      y = the largest element of the window; the first of equal ones takes the adjoint; a NaN is the
//   largest average_pool  y = the sum over the window / its elements on the input, or with `count_padding` also those
//   on padding
// Errors: BadConfig where the window does not fit, or lies in the padding altogether. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"
#include "graph/ops/window.hpp"

namespace settle {

OpPtr max_pool_op(WindowSpec window);
OpPtr average_pool_op(WindowSpec window, bool count_padding = false);
// Over the whole of the last `axes` axes, which stay with extent 1.
OpPtr global_max_pool_op(std::size_t axes);
OpPtr global_average_pool_op(std::size_t axes);

// max_pool(x, kernel, ...), average_pool(x, kernel, ...), global_max_pool(x), global_average_pool(x) of [batch,
// channels,
// ...]. In the language windows do not overlap unless a stride is given: it is the kernel by default.
OperatorFamily pooling_family();

}  // namespace settle
