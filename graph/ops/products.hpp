// Purpose: matrix products for a factor of few rows (a batch), where a general product would spend its time on copying
// both factors into packets: these read the larger factor where it lies.
//   multiply       y[r][c] = sum over k of a(r, k) b[k][c], or +=;  a(r, k) = a[r * row + k * step]
//   multiply_rows  y[r][c] = bias[c] + sum over k of x[r][k] w[c][k], or +=, without a bias then
// Sums go over k in order, in blocks that start from 0. Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

#include "graph/ops/tiles.hpp"

namespace settle {

template <class Scalar>
struct LeftFactor {
  const Scalar* data;
  std::int64_t row;   // elements from a row to the next
  std::int64_t step;  // elements from a column to the next
};

template <class Scalar>
struct Rows {
  Scalar* data;
  std::int64_t stride;  // elements from a row to the next
};

// Requires: y overlaps neither factor.
template <class Scalar>
void multiply(std::int64_t rows, std::int64_t depth, std::int64_t columns, LeftFactor<Scalar> a, Rows<const Scalar> b,
              Rows<Scalar> y, bool accumulate);

// x and y without gaps; without a bias where it is null. Lanes are rows: x and y are transposed on the way.
template <class Scalar>
void multiply_rows(std::int64_t rows, std::int64_t depth, std::int64_t columns, const Scalar* x, Rows<const Scalar> w,
                   const Scalar* bias, Scalar* y, bool accumulate);

}  // namespace settle
