// Purpose: small expressions that several handlers are written in. Thread rule: pure functions.
#pragma once

#include <span>
#include <vector>

#include "graph/expression.hpp"

namespace settle::onnx {

// One element, whatever axes of extent 1 it has, under the shape [].
ExpressionPtr scalar(const ExpressionPtr& x);
// Under another shape of as many elements.
ExpressionPtr reshaped(const ExpressionPtr& x, std::span<const std::int64_t> extents);
// Rounded towards zero; the derivative is 0.
ExpressionPtr truncated(const ExpressionPtr& x);
// A tensor of one value.
ExpressionPtr filled(const Shape& shape, double value);
// A list as a constant of one axis.
ExpressionPtr integer_list(std::span<const std::int64_t> values);

}  // namespace settle::onnx
