#include "graph/shape.hpp"

#include <algorithm>
#include <limits>

#include "graph/error.hpp"

namespace settle {

Shape::Shape(std::span<const std::int64_t> extents) { assign(extents); }
Shape::Shape(std::span<const std::int32_t> extents) { assign(extents); }

template <class Extent>
void Shape::assign(std::span<const Extent> extents) {
  constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
  if (extents.size() > kMaxRank)
    throw BadConfig("a tensor has at most " + std::to_string(kMaxRank) + " axes, this one " +
                    std::to_string(extents.size()));
  rank_ = static_cast<std::uint8_t>(extents.size());
  std::int64_t elements = 1;
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    const std::int64_t extent = extents[axis];
    const bool symbolic = axis == 0 && extent == kBatch;
    if (extent < 0 && !symbolic) throw BadConfig("a tensor's extent cannot be " + std::to_string(extent));
    if (extent > kMost || (extent > 0 && elements > kMost / extent))
      throw BadConfig("a tensor of more than 2^31 elements is not supported");
    extents_[axis] = static_cast<std::int32_t>(extent);
    if (!symbolic) elements *= extent;
  }
}

Shape Shape::with_batch(std::int64_t batch) const noexcept {
  Shape result = *this;
  if (batched()) result.extents_[0] = static_cast<std::int32_t>(batch);
  return result;
}

Shape Shape::sample() const { return batched() ? Shape(extents().subspan(1)) : *this; }

Shape Shape::batched_over(const Shape& sample) {
  std::array<std::int32_t, kMaxRank + 1> extents{};
  extents[0] = kBatch;
  std::copy(sample.extents().begin(), sample.extents().end(), extents.begin() + 1);
  return Shape(std::span<const std::int32_t>(extents.data(), sample.rank() + 1));
}

const Shape& Shape::ones(std::size_t rank) noexcept {
  static const auto shapes = [] {
    std::array<Shape, kMaxRank + 1> list;
    for (std::size_t k = 0; k <= kMaxRank; ++k) {
      list[k].extents_.fill(1);
      list[k].rank_ = static_cast<std::uint8_t>(k);
    }
    return list;
  }();
  return shapes[rank];
}

std::int64_t Shape::size() const noexcept {
  std::int64_t elements = 1;
  for (std::size_t axis = batched() ? 1 : 0; axis < rank_; ++axis) elements *= extents_[axis];
  return elements;
}

std::string Shape::to_string() const {
  std::string text = "[";
  for (std::size_t axis = 0; axis < rank_; ++axis) {
    if (axis > 0) text += ", ";
    text += extents_[axis] == kBatch ? "batch" : std::to_string(extents_[axis]);
  }
  return text + "]";
}

bool operator==(const Shape& a, const Shape& b) noexcept { return std::ranges::equal(a.extents(), b.extents()); }

std::vector<std::int64_t> wide(std::span<const std::int32_t> extents) { return {extents.begin(), extents.end()}; }

Shape broadcast(const Shape& a, const Shape& b) {
  const std::size_t rank = std::max(a.rank(), b.rank());
  std::array<std::int64_t, Shape::kMaxRank> extents{};
  for (std::size_t i = 0; i < rank; ++i) {  // i counts axes from the right
    const std::int64_t x = i < a.rank() ? a[a.rank() - 1 - i] : 1;
    const std::int64_t y = i < b.rank() ? b[b.rank() - 1 - i] : 1;
    const bool batch_would_not_lead = (x == Shape::kBatch || y == Shape::kBatch) && i + 1 != rank;
    if ((x != y && x != 1 && y != 1) || batch_would_not_lead)
      throw BadConfig("shapes " + a.to_string() + " and " + b.to_string() + " do not broadcast together");
    extents[rank - 1 - i] = x == 1 ? y : x;
  }
  return Shape(std::span<const std::int64_t>(extents.data(), rank));
}

}  // namespace settle
