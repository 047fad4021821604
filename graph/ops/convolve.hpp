// Purpose: the three products of a convolution, which a transposed convolution uses the other way round.
//   x [batch, in, ...], weight [out, in / groups, kernel...], y and g [batch, out, ...]
//   patches(x)  [in / groups * kernel, positions]: what each output position reads, of one sample and group
//   convolve:           y += weight patches(x)
//   convolve_to_input:  x += the adjoint of patches, applied to weight^T g
//   convolve_to_weight: weight += g patches(x)^T
// Patches are made in scratch memory for as many output rows at a time as fit a cache; without padding, stride and
// kernel extent they are x itself. All sums have a fixed order. Caller: graph/ops/*.cpp only. Thread rule: pure
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
