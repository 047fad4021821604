// Purpose: local response normalisation over neighbouring channels (ONNX LRN; Krizhevsky et al. 2012).
//   s[c] = bias + alpha / size * sum of x[k]^2,   y[c] = x[c] s[c]^-beta
// with k from c - floor((size - 1) / 2) to c + ceil((size - 1) / 2), as far as there are channels.
//   a_x[c] = a_y[c] s[c]^-beta - 2 alpha beta / size x[c] sum of a_y[k] x[k] s[k]^(-beta - 1) over the k with c among
//   them
// The channels' axis counts from the end. Errors: BadConfig for a size below 1 or an axis that is not there.
// Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

struct LocalResponse {
  std::int64_t size = 1;
  double alpha = 1e-4;
  double beta = 0.75;
  double bias = 1;
};
OpPtr local_response_norm_op(std::int64_t channel_axis_from_end, const LocalResponse& options);

// local_response_norm(x, size, axis=0, alpha=0.0001, beta=0.75, bias=1)
OperatorFamily local_response_family();

}  // namespace settle
