// Purpose: convolution and transposed convolution over 1 to 3 spatial axes, as ONNX's Conv and ConvTranspose.
//   conv            x [batch, in, ...], weight [out, in / groups, kernel...]:   y = sum over the window of weight * x +
//   b conv_transpose  x [batch, in, ...], weight [in, out / groups, kernel...]:   y = the adjoint of the convolution
//   with that
//                   weight, + b: [batch, out, s (n - 1) + (k - 1) d + 1 - pads + output_padding, ...]
// bias [out]. A tensor without a batch axis (of one rank less than the weight) is one sample. Windows:
// graph/ops/window.hpp. Errors: BadConfig where channels, groups, weight, bias or window do not fit. Thread rule: pure
// functions.
#pragma once

#include <string>
#include <vector>

#include "graph/function.hpp"
#include "graph/ops/window.hpp"

namespace settle {

// The kernel of `window` is the weight's and stays empty, and so does `ceil`.
struct ConvolutionSpec {
  WindowSpec window{};
  std::int64_t groups = 1;
  bool bias = true;
  // Of a transposed convolution: additional elements at the end, and the extents to arrive at by padding.
  std::vector<std::int64_t> output_padding{};
  std::vector<std::int64_t> output_shape{};
};

// Inputs: x, weight and, with `bias`, the bias. Errors: BadConfig for groups < 1.
OpPtr conv_op(ConvolutionSpec spec = {});
OpPtr conv_transpose_op(ConvolutionSpec spec = {});

// conv(x, channels, kernel, ...) and conv_transpose(x, channels, kernel, ...): one kernel extent for all spatial axes
// or one for each; the vertex's own weight and bias, or NAME.weight and NAME.bias, which vertices share.
OperatorFamily convolution_family();

}  // namespace settle
