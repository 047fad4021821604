// Purpose: the same elements under another shape, joined or picked out: reshape, flatten, squeeze, unsqueeze, concat,
// slice, split.
// The first four are views (no copy) and work per sample: a leading batch stays. Axes as in graph/ops/axes.hpp.
// Errors: BadConfig naming the shapes that do not fit. Thread rule: pure functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "graph/function.hpp"

namespace settle {

// The extents of a sample; one of them may be -1, which stands for what is left.
OpPtr reshape_op(std::vector<std::int64_t> extents);
// A sample as one axis.
OpPtr flatten_op();
// Without these axes of extent 1; none stands for all such axes of a sample.
OpPtr squeeze_op(std::vector<std::int64_t> axes_from_end = {});
// With axes of extent 1 put in where they then are: -1 becomes the last axis of the result.
OpPtr unsqueeze_op(std::vector<std::int64_t> axes_from_end);
// Inputs one after the other along an axis; all other extents agree.
OpPtr concat_op(std::int64_t axis_from_end);
// What x joins along the last axis where it is such a concat, else x itself. Requires: x outlives the span.
std::span<const ExpressionPtr> joined_last(const ExpressionPtr& x);
// Elements begin, begin + step, ... before end along an axis; negative begin and end count from the axis' end, no end
// stands for the axis' extent or, where the step is negative, for all down to the first element.
OpPtr slice_op(std::int64_t begin, std::optional<std::int64_t> end, std::int64_t axis_from_end, std::int64_t step = 1);
// Parts of these extents, one after the other along an axis. Errors: BadConfig where they are not the axis' extent.
std::vector<ExpressionPtr> split(const ExpressionPtr& x, std::span<const std::int64_t> extents,
                                 std::int64_t axis_from_end);

OperatorFamily reshape_family();  // reshape and flatten
OperatorFamily squeeze_family();  // squeeze and unsqueeze
OperatorFamily concat_family();
OperatorFamily slice_family();

}  // namespace settle
