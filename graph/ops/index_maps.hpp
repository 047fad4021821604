// Purpose: which elements of a tensor a tensor of indices points at, in the three ways of ONNX. What is pointed at
// makes a tensor of its own ("picked"), piece by piece; gather copies the pieces out, scatter writes into them.
//   AlongAxis   picked[.., j.., ..] = x[.., indices[j..], ..]                 Gather
//   PerElement  picked[.., j, ..] = x[.., indices[.., j, ..], ..]             GatherElements, ScatterElements
//   PerTuple    picked[j.., ..] = x[indices[j.., 0], indices[j.., 1], .., ..] GatherND, ScatterND
// Indices are whole numbers kept as Scalar (so float holds them up to 2^24); from -extent on they count from the end.
// An index that is no whole number, or is not there, points nowhere: its piece has the offset kNowhere.
// A map gives
//   Shape picked(op, x, indices)                  errors: BadConfig saying what does not fit
//   for_each(x, indices, visit)                   concrete shapes; visit(offset in x, offset in picked, length)
// Pieces of x are the same or do not overlap. Caller: graph/ops/*.cpp only. Thread rule: immutable.
#pragma once

#include <string_view>

#include "graph/error.hpp"
#include "graph/expression.hpp"

namespace settle {

inline constexpr std::int64_t kNowhere = -1;

// The position that an index means along an axis of that extent.
template <class Scalar>
std::int64_t position_of(Scalar index, std::int64_t extent) {
  if (!(index >= static_cast<Scalar>(-extent) && index < static_cast<Scalar>(extent))) return kNowhere;
  const auto position = static_cast<std::int64_t>(index);
  if (static_cast<Scalar>(position) != index) return kNowhere;
  return position < 0 ? position + extent : position;
}

// Axes of x counted from the end. With `batch_axes` = 1 the first axis of both is the same one: each sample has indices
// of its own.
struct AlongAxis {
  std::int64_t axis = -1;
  std::size_t batch_axes = 0;

  Shape picked(std::string_view op, const Shape& x, const Shape& indices) const;
  template <class Scalar, class Visit>
  void for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const;
};

// Indices have as many axes as x and, but along the axis, at most x's extents.
struct PerElement {
  std::int64_t axis = -1;

  Shape picked(std::string_view op, const Shape& x, const Shape& indices) const;
  template <class Scalar, class Visit>
  void for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const;
};

// The last axis of the indices holds positions along x's axes after the first `batch_axes`, which both have in common.
struct PerTuple {
  std::size_t batch_axes = 0;

  Shape picked(std::string_view op, const Shape& x, const Shape& indices) const;
  template <class Scalar, class Visit>
  void for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const;
};

// Elements of a concrete shape from one axis to before another, as one extent.
std::int64_t elements_between(const Shape& shape, std::size_t from, std::size_t to);

template <class Scalar, class Visit>
void AlongAxis::for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const {
  if (x.size() == 0 || indices.size() == 0) return;
  const std::size_t position = x.rank() - static_cast<std::size_t>(-axis);
  const std::int64_t samples = elements_between(x, 0, batch_axes);
  const std::int64_t outer = elements_between(x, batch_axes, position);
  const std::int64_t extent = x[position];
  const std::int64_t inner = elements_between(x, position + 1, x.rank());
  const std::int64_t count = indices.size() / samples;
  std::int64_t at = 0;
  for (std::int64_t row = 0; row < samples * outer; ++row)
    for (std::int64_t i = 0; i < count; ++i, at += inner) {
      const std::int64_t found = position_of(indices.data[row / outer * count + i], extent);
      visit(found == kNowhere ? kNowhere : (row * extent + found) * inner, at, inner);
    }
}

template <class Scalar, class Visit>
void PerElement::for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const {
  const std::size_t rank = x.rank();
  const std::size_t position = rank - static_cast<std::size_t>(-axis);
  std::array<std::int64_t, Shape::kMaxRank> unit{};   // elements of x that one step along an axis is worth
  std::array<std::int64_t, Shape::kMaxRank> place{};  // of the present index
  for (std::size_t k = 0; k < rank; ++k) unit[k] = k == position ? 0 : elements_between(x, k + 1, rank);
  const std::int64_t along = elements_between(x, position + 1, rank);
  std::int64_t base = 0;  // where the present index would be in x with 0 along the axis
  for (std::int64_t i = 0; i < indices.size(); ++i) {
    const std::int64_t found = position_of(indices.data[i], x[position]);
    visit(found == kNowhere ? kNowhere : base + found * along, i, std::int64_t{1});
    for (std::size_t k = rank; k-- > 0;) {
      base += unit[k];
      if (++place[k] < indices.shape[k]) break;
      base -= unit[k] * place[k];
      place[k] = 0;
    }
  }
}

template <class Scalar, class Visit>
void PerTuple::for_each(const Shape& x, const ConstView<Scalar>& indices, Visit&& visit) const {
  if (x.size() == 0 || indices.size() == 0) return;
  const auto length = static_cast<std::size_t>(indices.shape[indices.shape.rank() - 1]);
  const std::int64_t samples = elements_between(x, 0, batch_axes);
  const std::int64_t sample = x.size() / samples;
  const std::int64_t tuples = indices.size() / static_cast<std::int64_t>(length);
  const std::int64_t inner = elements_between(x, batch_axes + length, x.rank());
  for (std::int64_t t = 0; t < tuples; ++t) {
    std::int64_t offset = 0;
    for (std::size_t k = 0; k < length && offset != kNowhere; ++k) {
      const std::int64_t extent = x[batch_axes + k];
      const std::int64_t found =
          position_of(indices.data[t * static_cast<std::int64_t>(length) + static_cast<std::int64_t>(k)], extent);
      offset = found == kNowhere ? kNowhere : offset * extent + found;
    }
    const std::int64_t start = t / (tuples / samples) * sample;
    visit(offset == kNowhere ? kNowhere : start + offset * inner, t * inner, inner);
  }
}

// Numbers as the standard's whole numbers.
std::string as_indices(StandardWriter& writer, const std::string& numbers);

// Where the indices are a constant, they must point somewhere. Errors: BadConfig.
template <class Map>
void require_constant_indices(const Map& map, std::string_view op, const Shape& x, const Expression& indices) {
  if (indices.kind != Expression::Kind::constant) return;
  map.for_each(x.with_batch(1), indices.constant.view(), [&](std::int64_t offset, std::int64_t, std::int64_t) {
    if (offset == kNowhere)
      throw BadConfig(std::string(op) + " has an index that " + x.to_string() +
                      " does not have; along an axis of n elements they are whole numbers from -n to n - 1");
  });
}

}  // namespace settle
