// Purpose: small expressions that several handlers are written in. Thread rule: pure functions.
#pragma once

#include <span>
#include <vector>

#include "graph/onnx/operator.hpp"

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

// `count` elements along an axis: first, first + step, ...
struct Picked {
  std::int64_t first = 0;
  std::int64_t step = 1;
  std::int64_t count = 0;
};
// Requires: elements that are there. The input itself where all of it is picked.
ExpressionPtr slice_of(const ExpressionPtr& x, std::int64_t axis_from_end, const Picked& picked);

// What the Reduce operators share: `axes` (an attribute before operator set `since`, then input 1; none: all axes, or
// none with noop_with_empty_axes) and `keepdims`. Errors: as NodeView.
Values reduced(const NodeView& node, std::int64_t since, OpPtr (*make)(std::vector<std::int64_t> axes, bool keep));

}  // namespace settle::onnx
