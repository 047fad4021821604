#include "graph/ops/axes.hpp"

#include "graph/error.hpp"
#include "graph/ops/support.hpp"

namespace settle {

std::size_t axis_position(std::string_view op, const Shape& shape, std::int64_t from_end) {
  const auto rank = static_cast<std::int64_t>(shape.rank());
  const std::int64_t position = rank + from_end;
  if (from_end >= 0 || position < (shape.batched() ? 1 : 0))
    throw BadConfig(std::string(op) + " along axis " + std::to_string(from_end) + " needs an input that has it, not " +
                    shape.to_string());
  return static_cast<std::size_t>(position);
}

std::int64_t axis_argument(const Call& call, const Shape& x, std::int64_t fallback) {
  if (!call.named.contains("axis")) return fallback;
  const std::int64_t axis = named_integer(call, "axis", fallback);
  const auto rank = static_cast<std::int64_t>(x.sample().rank());
  if (axis < -rank || axis >= rank)
    throw BadConfig("axis " + std::to_string(axis) + " is not one of the " + std::to_string(rank) +
                    " axes of a sample of " + x.to_string() +
                    "; the first is 0, the last -1, the batch does not count");
  return axis < 0 ? axis : axis - rank;
}

std::int64_t first_axis(const Shape& x) {
  return -std::max<std::int64_t>(1, static_cast<std::int64_t>(x.sample().rank()));
}

AxisSplit split_at(const Shape& shape, std::int64_t from_end) {
  const auto position = static_cast<std::size_t>(static_cast<std::int64_t>(shape.rank()) + from_end);
  AxisSplit split;
  split.extent = shape[position];
  for (std::size_t axis = 0; axis < position; ++axis) split.outer *= shape[axis];
  for (std::size_t axis = position + 1; axis < shape.rank(); ++axis) split.inner *= shape[axis];
  return split;
}

Shape with_extent(const Shape& shape, std::size_t position, std::int64_t extent) {
  std::array<std::int64_t, Shape::kMaxRank> extents{};
  std::ranges::copy(shape.extents(), extents.begin());
  extents[position] = extent;
  return Shape(std::span<const std::int64_t>(extents.data(), shape.rank()));
}

}  // namespace settle
