// Purpose: values brought to a common scale.
//   normalize: y = (x - mean) / sqrt(variance + epsilon), mean and variance (divided by n) over the axes from one on
//   layer_norm: normalize(x) * scale + bias, as ONNX LayerNormalization
//   batch_norm, for inference: y = (x - mean) / sqrt(variance + epsilon) * scale + bias with one scale, bias, mean and
//     variance [channels] per element of one axis, as ONNX BatchNormalization; the adjoints of all five are there
// Axes count from the end. Errors: BadConfig for an axis that is not there, operands that do not fit, or an epsilon
// below 0. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// Over all axes from this one to the last.
OpPtr normalize_op(std::int64_t first_axis_from_end, double epsilon);

// Scale and bias broadcast to x; bias may be null. Errors: BadConfig where they would broadcast x instead.
ExpressionPtr layer_norm(const ExpressionPtr& x, const ExpressionPtr& scale, const ExpressionPtr& bias,
                         std::int64_t first_axis_from_end = -1, double epsilon = 1e-5);

// Inputs: x, scale, bias, mean, variance.
OpPtr batch_norm_op(std::int64_t channel_axis_from_end, double epsilon);

// layer_norm(x, axis=-1, epsilon=1e-5, scale=1, bias=1): the vertex's own VERTEX.scale and VERTEX.bias over the axes
// from `axis` on, at first 1 and 0. batch_norm(x, scale, bias, mean, variance, axis=0, epsilon=1e-5).
OperatorFamily normalisation_family();

}  // namespace settle
