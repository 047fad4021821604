#include "graph/ops/index_maps.hpp"

#include "graph/ops/axes.hpp"

namespace settle {
namespace {

using Extents = std::vector<std::int64_t>;

void append(Extents& extents, const Shape& shape, std::size_t from, std::size_t to) {
  for (std::size_t axis = from; axis < to; ++axis) extents.push_back(shape[axis]);
}

// The shape of these extents. Errors: BadConfig where there are too many or the batch is not the first.
Shape made_of(std::string_view op, const Shape& x, const Shape& indices, const Extents& extents) {
  if (extents.size() > Shape::kMaxRank)
    throw BadConfig(std::string(op) + " of " + x.to_string() + " with indices " + indices.to_string() +
                    " would have more than " + std::to_string(Shape::kMaxRank) + " axes");
  for (std::size_t axis = 1; axis < extents.size(); ++axis)
    if (extents[axis] == Shape::kBatch)
      throw BadConfig(std::string(op) + " of " + x.to_string() + " with indices " + indices.to_string() +
                      " would move the batch from the front");
  return Shape(std::span<const std::int64_t>(extents));
}

void require_elements(std::string_view op, const Shape& x, std::size_t axis) {
  if (x[axis] == 0)
    throw BadConfig(std::string(op) + " cannot pick from an axis without elements, as there is in " + x.to_string());
}

void require_common_axes(std::string_view op, const Shape& x, const Shape& indices, std::size_t count) {
  bool common = x.rank() >= count && indices.rank() >= count;
  for (std::size_t axis = 0; common && axis < count; ++axis) common = x[axis] == indices[axis];
  if (!common)
    throw BadConfig(std::string(op) + " needs an input and indices that agree in the first " + std::to_string(count) +
                    " axes, not " + x.to_string() + " and " + indices.to_string());
}

}  // namespace

std::int64_t elements_between(const Shape& shape, std::size_t from, std::size_t to) {
  std::int64_t elements = 1;
  for (std::size_t axis = from; axis < to; ++axis) elements *= shape[axis];
  return elements;
}

std::string as_indices(StandardWriter& writer, const std::string& numbers) {
  constexpr std::int64_t whole_number = 7;
  return writer.node("Cast", {numbers}, {{"to", whole_number}});
}

Shape AlongAxis::picked(std::string_view op, const Shape& x, const Shape& indices) const {
  const std::size_t position = axis_position(op, x, axis);
  require_common_axes(op, x, indices, batch_axes);
  require_elements(op, x, position);
  if (position < batch_axes)
    throw BadConfig(std::string(op) + " along axis " + std::to_string(axis) + " of " + x.to_string() +
                    " cannot run over an axis that every index has in common");
  Extents extents;
  append(extents, x, 0, position);
  append(extents, indices, batch_axes, indices.rank());
  append(extents, x, position + 1, x.rank());
  return made_of(op, x, indices, extents);
}

Shape PerElement::picked(std::string_view op, const Shape& x, const Shape& indices) const {
  const std::size_t position = axis_position(op, x, axis);
  bool fits = x.rank() == indices.rank();
  for (std::size_t k = 0; fits && k < x.rank(); ++k)
    fits = k == position || x[k] == indices[k] ||
           (x[k] != Shape::kBatch && indices[k] != Shape::kBatch && indices[k] < x[k]);
  if (!fits)
    throw BadConfig(std::string(op) + " along axis " + std::to_string(axis) +
                    " needs indices with the axes of its input and, along the others, no more elements; not " +
                    indices.to_string() + " for " + x.to_string());
  return indices;
}

Shape PerTuple::picked(std::string_view op, const Shape& x, const Shape& indices) const {
  require_common_axes(op, x, indices, batch_axes);
  const std::int64_t length = indices.rank() > batch_axes ? indices[indices.rank() - 1] : 0;
  const auto left = static_cast<std::int64_t>(x.rank() - batch_axes);
  if (length < 1 || length > left || (x.batched() && batch_axes == 0))
    throw BadConfig(std::string(op) + " needs indices whose last axis holds positions along axes of its input, " +
                    "not along the batch, which " + indices.to_string() + " for " + x.to_string() + " does not");
  for (std::size_t k = 0; k < static_cast<std::size_t>(length); ++k) require_elements(op, x, batch_axes + k);
  Extents extents;
  append(extents, indices, 0, indices.rank() - 1);
  append(extents, x, batch_axes + static_cast<std::size_t>(length), x.rank());
  return made_of(op, x, indices, extents);
}

}  // namespace settle
