#include "graph/ops/products.hpp"

#include "graph/ops/scratch.hpp"

namespace settle {
namespace {

// Rows of b at a time: four packets of so many rows stay in a second-level cache.
constexpr std::int64_t kBlockDepth = 512;
// Rows further apart than this many elements fall on few sets of a cache: they are gathered first.
constexpr std::int64_t kFarApart = 1024;

template <class Scalar, int M, int V>
void multiply_tile(std::int64_t depth, LeftFactor<Scalar> a, Rows<const Scalar> b, Rows<Scalar> y, bool accumulate) {
  using namespace Eigen::internal;
  using P = Packet<Scalar>;
  P sums[M][V];
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) sums[m][v] = pset1<P>(Scalar(0));
  for (std::int64_t k = 0; k < depth; ++k) {
    P read[V];
    for (int v = 0; v < V; ++v) read[v] = ploadu<P>(b.data + v * kLanes<Scalar>);
    for (int m = 0; m < M; ++m) {
      const P left = pset1<P>(a.data[m * a.row]);
      for (int v = 0; v < V; ++v) sums[m][v] = pmadd(left, read[v], sums[m][v]);
    }
    a.data += a.step;
    b.data += b.stride;
  }
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) {
      Scalar* to = y.data + m * y.stride + v * kLanes<Scalar>;
      pstoreu(to, accumulate ? padd(ploadu<P>(to), sums[m][v]) : sums[m][v]);
    }
}

// The tile's columns are no whole packets: it is worked out beside y.
template <class Scalar, int M, int V>
void multiply_ragged_tile(std::int64_t depth, std::int64_t columns, LeftFactor<Scalar> a, Rows<const Scalar> b,
                          Rows<Scalar> y, bool accumulate) {
  alignas(kTensorAlignment) Scalar tile[M * V * kLanes<Scalar>];
  constexpr std::int64_t stride = V * kLanes<Scalar>;
  multiply_tile<Scalar, M, V>(depth, a, b, {tile, stride}, false);
  for (int m = 0; m < M; ++m)
    for (std::int64_t c = 0; c < columns; ++c) {
      Scalar& to = y.data[m * y.stride + c];
      to = accumulate ? to + tile[m * stride + c] : tile[m * stride + c];
    }
}

// Columns [0, columns) of b's rows, in whole packets.
template <class Scalar>
Rows<const Scalar> gather(std::int64_t depth, std::int64_t columns, std::int64_t packets, Rows<const Scalar> b) {
  const std::int64_t stride = packets * kLanes<Scalar>;
  Scalar* const memory = scratch<Scalar, ScratchUse::product>(kBlockDepth * stride);
  for (std::int64_t k = 0; k < depth; ++k) {
    std::copy_n(b.data + k * b.stride, columns, memory + k * stride);
    std::fill_n(memory + k * stride + columns, stride - columns, Scalar(0));
  }
  return {memory, stride};
}

}  // namespace

template <class Scalar>
void multiply(std::int64_t rows, std::int64_t depth, std::int64_t columns, LeftFactor<Scalar> a, Rows<const Scalar> b,
              Rows<Scalar> y, bool accumulate) {
  for (std::int64_t first = 0; first < depth || first == 0; first += kBlockDepth) {
    const std::int64_t block = std::min(kBlockDepth, depth - first);
    in_even_pieces(packets_for<Scalar>(columns), kMostColumns, [&](std::int64_t packet, std::int64_t packets) {
      const std::int64_t column = packet * kLanes<Scalar>;
      const std::int64_t width = std::min(packets * kLanes<Scalar>, columns - column);
      const bool ragged = width < packets * kLanes<Scalar>;
      Rows<const Scalar> panel{b.data + first * b.stride + column, b.stride};
      if (ragged || b.stride > kFarApart) panel = gather(block, width, packets, panel);
      in_even_pieces(rows, rows_beside(packets), [&](std::int64_t row, std::int64_t count) {
        const LeftFactor<Scalar> left{a.data + row * a.row + first * a.step, a.row, a.step};
        const Rows<Scalar> result{y.data + row * y.stride + column, y.stride};
        with_tile(count, packets, [&]<int M, int V>() {
          if (ragged)
            multiply_ragged_tile<Scalar, M, V>(block, width, left, panel, result, accumulate || first > 0);
          else
            multiply_tile<Scalar, M, V>(block, left, panel, result, accumulate || first > 0);
        });
      });
    });
  }
}

template <class Scalar>
void multiply_rows(std::int64_t rows, std::int64_t depth, std::int64_t columns, const Scalar* x, Rows<const Scalar> w,
                   const Scalar* bias, Scalar* y, bool accumulate) {
  constexpr std::int64_t most = kMostColumns * kLanes<Scalar>;
  Scalar* const turned_x = scratch<Scalar>((depth + columns) * most);
  Scalar* const turned_y = turned_x + depth * most;
  in_even_pieces(rows, most, [&](std::int64_t first, std::int64_t count) {
    const std::int64_t stride = packets_for<Scalar>(count) * kLanes<Scalar>;
    transpose(count, depth, x + first * depth, depth, turned_x, stride);
    for (std::int64_t k = 0; count < stride && k < depth; ++k)
      std::fill_n(turned_x + k * stride + count, stride - count, Scalar(0));
    for (std::int64_t c = 0; c < columns; ++c) std::fill_n(turned_y + c * stride, stride, bias ? bias[c] : Scalar(0));
    if (accumulate) transpose(count, columns, y + first * columns, columns, turned_y, stride);
    multiply<Scalar>(columns, depth, stride, {w.data, w.stride, 1}, {turned_x, stride}, {turned_y, stride}, true);
    transpose(columns, count, turned_y, stride, y + first * columns, columns);
  });
}

template void multiply(std::int64_t, std::int64_t, std::int64_t, LeftFactor<float>, Rows<const float>, Rows<float>,
                       bool);
template void multiply(std::int64_t, std::int64_t, std::int64_t, LeftFactor<double>, Rows<const double>, Rows<double>,
                       bool);
template void multiply_rows(std::int64_t, std::int64_t, std::int64_t, const float*, Rows<const float>, const float*,
                            float*, bool);
template void multiply_rows(std::int64_t, std::int64_t, std::int64_t, const double*, Rows<const double>, const double*,
                            double*, bool);

}  // namespace settle
