// Purpose: the three products of a convolution, which a transposed convolution uses the other way round.
//   x [batch, in, ...], weight [out, in / groups, kernel...], y and g [batch, out, ...]
//   convolve:           y[o] += sum over channels and kernel elements of weight * what they read of x
//   convolve_to_input:  x += the adjoint of that in x, of g
//   convolve_to_weight: weight += the adjoint in the weight, of g
// With strides of 1 directly (graph/ops/direct_convolve.hpp), else as matrix products of patches
// (graph/ops/patch_convolve.hpp). All sums have a fixed order. Caller: graph/ops/*.cpp only. Thread rule: pure
// functions.
#pragma once

#include "graph/ops/window.hpp"

namespace settle {

struct Convolution {
  std::int64_t batch = 1;
  std::int64_t in = 1;   // channels
  std::int64_t out = 1;  // channels
  std::int64_t groups = 1;
  Window window;
};

template <class Scalar>
void convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y);
template <class Scalar>
void convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x);
template <class Scalar>
void convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight);

}  // namespace settle
