#include "graph/ops/convolve.hpp"

#include "graph/ops/direct_convolve.hpp"
#include "graph/ops/patch_convolve.hpp"

namespace settle {

template <class Scalar>
void convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y) {
  if (suits_direct<Scalar>(shape, ConvolutionProduct::to_output))
    direct_convolve(shape, x, weight, y);
  else
    patch_convolve(shape, x, weight, y);
}

template <class Scalar>
void convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x) {
  if (suits_direct<Scalar>(shape, ConvolutionProduct::to_input))
    direct_convolve_to_input(shape, g, weight, x);
  else
    patch_convolve_to_input(shape, g, weight, x);
}

template <class Scalar>
void convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight) {
  if (suits_direct<Scalar>(shape, ConvolutionProduct::to_weight))
    direct_convolve_to_weight(shape, g, x, weight);
  else
    patch_convolve_to_weight(shape, g, x, weight);
}

template void convolve(const Convolution&, const float*, const float*, float*);
template void convolve(const Convolution&, const double*, const double*, double*);
template void convolve_to_input(const Convolution&, const float*, const float*, float*);
template void convolve_to_input(const Convolution&, const double*, const double*, double*);
template void convolve_to_weight(const Convolution&, const float*, const float*, float*);
template void convolve_to_weight(const Convolution&, const double*, const double*, double*);

}  // namespace settle
