// Purpose: the three products of a convolution (graph/ops/convolve.hpp) with strides of 1, without making patches.
// Samples lie on a canvas (graph/ops/canvas.hpp), whose lanes the sums go along:
//   direct_convolve:           y += weight * x
//   direct_convolve_to_input:  x += the same with channels swapped, the kernel turned round and g padded to x's size
//   direct_convolve_to_weight: weight += sum over samples and outputs of g x; a lane is an output, or an output channel
// All sums have a fixed order. Caller: graph/ops/convolve.cpp. Thread rule: pure functions.
#pragma once

#include "graph/ops/convolve.hpp"

namespace settle {

enum class ConvolutionProduct { to_output, to_input, to_weight };

// True where the direct kernel of that product can be used and is the faster one. Requires: no extent is 0.
template <class Scalar>
bool suits_direct(const Convolution& shape, ConvolutionProduct product);

// Requires: suits_direct of that product.
template <class Scalar>
void direct_convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y);
template <class Scalar>
void direct_convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x);
template <class Scalar>
void direct_convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight);

}  // namespace settle
