// Purpose: Eigen's view of our tensors: flat arrays for elementwise kernels, row-major matrices for products.
// Included by kernels only (.cpp files of graph/).
#pragma once

#include <Eigen/Core>

#include "graph/tensor.hpp"

namespace settle {

template <class Scalar>
using ArrayMap = Eigen::Map<Eigen::Array<Scalar, Eigen::Dynamic, 1>>;
template <class Scalar>
using ConstArrayMap = Eigen::Map<const Eigen::Array<Scalar, Eigen::Dynamic, 1>>;
template <class Scalar>
using RowMatrix = Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class Scalar>
using MatrixMap = Eigen::Map<RowMatrix<Scalar>>;
template <class Scalar>
using ConstMatrixMap = Eigen::Map<const RowMatrix<Scalar>>;

template <class Scalar>
ArrayMap<Scalar> array(const View<Scalar>& view) {
  return {view.data, view.size()};
}
template <class Scalar>
ConstArrayMap<Scalar> array(const ConstView<Scalar>& view) {
  return {view.data, view.size()};
}

// The tensor as a matrix of `rows` rows. Requires: rows divides the size.
template <class Scalar>
MatrixMap<Scalar> matrix(const View<Scalar>& view, std::int64_t rows) {
  return {view.data, rows, rows == 0 ? 0 : view.size() / rows};
}
template <class Scalar>
ConstMatrixMap<Scalar> matrix(const ConstView<Scalar>& view, std::int64_t rows) {
  return {view.data, rows, rows == 0 ? 0 : view.size() / rows};
}

// The largest magnitude; NaN where an element is not finite, so that no comparison passes it over: x - x is 0 of what
// is finite. (A maximum that keeps NaN by itself takes three times as long.)
template <class Values>
double largest_magnitude(const Values& values) {
  return static_cast<double>(values.abs().maxCoeff() + (values - values).sum());
}

// destination = expression, or += it: how every adjoint kernel writes its result.
template <class Destination, class Expression>
void store(Destination&& destination, const Expression& expression, bool accumulate) {
  if (accumulate)
    destination += expression;
  else
    destination = expression;
}

}  // namespace settle
