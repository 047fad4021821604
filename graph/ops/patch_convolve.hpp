// Purpose: the three products of a convolution (graph/ops/convolve.hpp) as matrix products of patches, for any window.
//   patches(x)  [in / groups * kernel, positions]: what each output position reads, of one sample and group
//   patch_convolve:           y += weight patches(x)
//   patch_convolve_to_input:  x += the adjoint of patches, applied to weight^T g
//   patch_convolve_to_weight: weight += g patches(x)^T
// Patches are made in scratch memory for as many output rows at a time as fit a cache; without padding, stride and
// kernel extent they are x itself. All sums have a fixed order. Caller: graph/ops/convolve.cpp. Thread rule: pure
// functions.
#pragma once

#include "graph/ops/convolve.hpp"

namespace settle {

template <class Scalar>
void patch_convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y);
template <class Scalar>
void patch_convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x);
template <class Scalar>
void patch_convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight);

}  // namespace settle
