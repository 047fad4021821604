// Purpose: the extents of a tensor. A shape of the description may start with the symbolic extent `kBatch`, which
// stands for the number of samples of a trial; a tensor in memory has only concrete extents (`with_batch`). Storage
// order is C order (the last extent runs fastest) everywhere. No heap: at most kMaxRank extents, inline, in 32 bits
// each, for a graph of a million vertices holds many of them. Thread rule: a value type.
#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

namespace settle {

class Shape {
 public:
  static constexpr std::size_t kMaxRank = 8;
  static constexpr std::int64_t kBatch = -1;

  Shape() = default;  // rank 0: one element
  Shape(std::initializer_list<std::int64_t> extents)
      : Shape(std::span<const std::int64_t>(extents.begin(), extents.size())) {}
  // Errors: BadConfig for a rank above kMaxRank or an extent below 0 that is not a leading kBatch.
  explicit Shape(std::span<const std::int64_t> extents);
  explicit Shape(std::span<const std::int32_t> extents);

  std::size_t rank() const noexcept { return rank_; }
  std::int64_t operator[](std::size_t axis) const noexcept { return extents_[axis]; }
  std::span<const std::int32_t> extents() const noexcept { return {extents_.data(), rank_}; }

  // True where the first extent is symbolic.
  bool batched() const noexcept { return rank_ > 0 && extents_[0] == kBatch; }
  // The shape with the symbolic extent, if any, replaced by `batch`.
  Shape with_batch(std::int64_t batch) const noexcept;
  // The shape of one sample: without the leading symbolic extent, if any.
  Shape sample() const;
  // `[batch, ...sample]`.
  static Shape batched_over(const Shape& sample);

  // The shape of that rank that holds one element.
  static const Shape& ones(std::size_t rank) noexcept;

  // Number of elements, the symbolic extent counted as 1. Requires: no overflow (checked on construction).
  std::int64_t size() const noexcept;

  // "[batch, 28, 28]", "[10]", "[]".
  std::string to_string() const;

  friend bool operator==(const Shape& a, const Shape& b) noexcept;

 private:
  template <class Extent>
  void assign(std::span<const Extent> extents);

  std::array<std::int32_t, kMaxRank> extents_{};
  std::uint8_t rank_ = 0;
};

// Extents to calculate with, of 64 bits.
std::vector<std::int64_t> wide(std::span<const std::int32_t> extents);

// The shape that numpy's broadcasting rule gives two operands, right-aligned; the symbolic extent broadcasts with
// itself and with 1 only. Errors: BadConfig naming both shapes.
Shape broadcast(const Shape& a, const Shape& b);

}  // namespace settle
