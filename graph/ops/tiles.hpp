// Purpose: tiles of packets (graph/packets.hpp) that stay in registers while a kernel sums up.
// Caller: kernels that Eigen's expressions do not cover (graph/ops/*.cpp). Thread rule: pure functions.
#pragma once

#include <algorithm>

#include "graph/packets.hpp"
#include "graph/tensor.hpp"

namespace settle {

// g++ drops the alignment attribute of a vector type that is a template's argument, and says so; the type is the same.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wignored-attributes"
template <class Scalar>
using PacketSquare = Eigen::internal::PacketBlock<Packet<Scalar>, static_cast<int>(kLanes<Scalar>)>;
#pragma GCC diagnostic pop

template <class Scalar>
constexpr std::int64_t packets_for(std::int64_t scalars) {
  return (scalars + kLanes<Scalar> - 1) / kLanes<Scalar>;
}

// Packets of a tile: the registers less those for its operands.
inline constexpr std::int64_t kTilePackets = EIGEN_ARCH_DEFAULT_NUMBER_OF_REGISTERS >= 32 ? 24 : 12;
inline constexpr std::int64_t kMostRows = kTilePackets >= 24 ? 8 : 6;

inline constexpr std::int64_t kMostColumns = 4;

constexpr std::int64_t columns_beside(std::int64_t rows) { return std::min(kMostColumns, kTilePackets / rows); }
constexpr std::int64_t rows_beside(std::int64_t columns) { return std::min(kMostRows, kTilePackets / columns); }

// Calls visit.operator()<rows, columns>() for numbers known at run time only. Requires: rows in [1, kMostRows], columns
// in [1, columns_beside(rows)].
template <class Visit, int Rows = 1, int Columns = 1>
void with_tile(std::int64_t rows, std::int64_t columns, const Visit& visit) {
  if constexpr (Rows < kMostRows) {
    if (rows > Rows) return with_tile<Visit, Rows + 1, 1>(rows, columns, visit);
  }
  if constexpr (Columns < columns_beside(Rows)) {
    if (columns > Columns) return with_tile<Visit, Rows, Columns + 1>(rows, columns, visit);
  }
  visit.template operator()<Rows, Columns>();
}

// Calls visit(first, count) for pieces of nearly the same size, of at most `most`.
template <class Visit>
void in_even_pieces(std::int64_t size, std::int64_t most, Visit&& visit) {
  const std::int64_t pieces = (size + most - 1) / most;
  for (std::int64_t k = 0; k < pieces; ++k) {
    const std::int64_t first = size * k / pieces;
    visit(first, size * (k + 1) / pieces - first);
  }
}

// to[c][r] = from[r][c]. Blocks at the ends overlap their neighbours rather than go element by element.
template <class Scalar>
void transpose(std::int64_t rows, std::int64_t columns, const Scalar* from, std::int64_t from_stride, Scalar* to,
               std::int64_t to_stride) {
  using namespace Eigen::internal;
  constexpr std::int64_t n = kLanes<Scalar>;
  if (rows < n || columns < n) {
    for (std::int64_t c = 0; c < columns; ++c)
      for (std::int64_t r = 0; r < rows; ++r) to[c * to_stride + r] = from[r * from_stride + c];
    return;
  }
  for (std::int64_t row = 0; row < rows; row += n) {
    const std::int64_t r = std::min(row, rows - n);
    for (std::int64_t column = 0; column < columns; column += n) {
      const std::int64_t c = std::min(column, columns - n);
      PacketSquare<Scalar> block;
      for (std::int64_t i = 0; i < n; ++i) block.packet[i] = ploadu<Packet<Scalar>>(from + (r + i) * from_stride + c);
      ptranspose(block);
      for (std::int64_t i = 0; i < n; ++i) pstoreu(to + (c + i) * to_stride + r, block.packet[i]);
    }
  }
}

// Consecutive parts of one piece of memory, each beginning at a multiple of the alignment.
template <class Scalar>
struct Part {
  std::int64_t begin;
  std::int64_t end;
  Part(std::int64_t after, std::int64_t count)
      : begin(after), end(after + (count + kAligned - 1) / kAligned * kAligned) {}
  static constexpr std::int64_t kAligned = kTensorAlignment / sizeof(Scalar);
};

}  // namespace settle
