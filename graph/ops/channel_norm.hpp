// Purpose: normalisations of images and vectors that are made of other operators; channels are the first axis of a
// sample, [batch, channels, ...].
//   instance_norm  normalize over all axes after the channels, then scale and shift each channel   (ONNX
//                  InstanceNormalization)
//   group_norm     the same over groups of neighbouring channels together with the axes after them (Wu & He 2018)
//   lp_normalize   x / |x| along an axis, |x| the sum of magnitudes (p = 1) or the euclidean norm (p = 2); 0 / 0 is NaN
// Errors: BadConfig for shapes that do not fit, or another p. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

// Scale and bias [channels], or null. `channel_axis` counts from the end.
ExpressionPtr instance_norm(const ExpressionPtr& x, const ExpressionPtr& scale, const ExpressionPtr& bias,
                            std::int64_t channel_axis, double epsilon = 1e-5);
ExpressionPtr group_norm(const ExpressionPtr& x, std::int64_t groups, const ExpressionPtr& scale,
                         const ExpressionPtr& bias, std::int64_t channel_axis, double epsilon = 1e-5);
ExpressionPtr lp_normalize(const ExpressionPtr& x, std::int64_t axis_from_end, std::int64_t p);

// instance_norm(x, epsilon=1e-5, scale=1, bias=1) and group_norm(x, groups, ...), which own VERTEX.scale and
// VERTEX.bias, at first 1 and 0; lp_normalize(x, axis=-1, p=2)
OperatorFamily channel_norm_family();

}  // namespace settle
