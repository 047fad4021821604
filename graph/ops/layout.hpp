// Purpose: the same elements under another shape, joined or picked out: reshape, flatten, concat, slice.
// reshape and flatten are views (no copy) and work per sample: a leading batch stays. Axes as in graph/ops/axes.hpp.
// Errors: BadConfig naming the shapes that do not fit. Thread rule: pure functions.
#pragma once

#include <optional>
#include <vector>

#include "graph/function.hpp"

namespace settle {

// The extents of a sample; one of them may be -1, which stands for what is left.
OpPtr reshape_op(std::vector<std::int64_t> extents);
// A sample as one axis.
OpPtr flatten_op();
// Inputs one after the other along an axis; all other extents agree.
OpPtr concat_op(std::int64_t axis_from_end);
// Elements begin, begin + step, ... before end along an axis; negative begin and end count from the axis' end, no end
// stands for the axis' extent.
OpPtr slice_op(std::int64_t begin, std::optional<std::int64_t> end, std::int64_t axis_from_end, std::int64_t step = 1);

OperatorFamily reshape_family();  // reshape and flatten
OperatorFamily concat_family();
OperatorFamily slice_family();

}  // namespace settle
