// Purpose: how operators and calls count axes. An operator counts from the end, -1 being the last axis: the same number
// means the same axis with and without a batch. The language counts a sample's axes from 0 (the batch is not one of
// them), and from the end too. Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <string_view>

#include "graph/function.hpp"
#include "graph/shape.hpp"

namespace settle {

// Where an axis counted from the end lies in `shape`, counted from its front.
// Errors: BadConfig where the shape has no such axis, or it is the batch's.
std::size_t axis_position(std::string_view op, const Shape& shape, std::int64_t from_end);

// The argument `axis` of a call, counted from the end; `fallback` where it is not given.
// Errors: BadConfig where a sample of x has no such axis.
std::int64_t axis_argument(const Call& call, const Shape& x, std::int64_t fallback);

// A sample's first axis, counted from the end: what an axis is where a call gives none and the last would not do.
std::int64_t first_axis(const Shape& x);

// The shape as [outer, extent, inner] around an axis.
struct AxisSplit {
  std::int64_t outer = 1;
  std::int64_t extent = 1;
  std::int64_t inner = 1;
};
// Requires: a concrete shape that has the axis.
AxisSplit split_at(const Shape& shape, std::int64_t from_end);

// `shape` with another extent at `position`.
Shape with_extent(const Shape& shape, std::size_t position, std::int64_t extent);

}  // namespace settle
