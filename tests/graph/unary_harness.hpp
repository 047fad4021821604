// Purpose: compares functions of one tensor with exact ones, and evaluates them at single points. Caller: the tests of
// elementwise operators.
#pragma once

#include <cmath>
#include <functional>
#include <limits>

#include "tests/graph/op_harness.hpp"

namespace settle::test {

struct Function {
  const char* name;
  OpPtr op;
  std::function<long double(long double)> exact;
  long double low, high;  // where it is compared
};

// The largest error over a fine grid, relative to what `scale` makes of x and the exact value, in units of the scalar's
// epsilon.
template <class Scalar, class Scale>
long double worst_epsilons(const Function& function, Scale&& scale) {
  constexpr std::int64_t count = 20011;
  Tensor<Scalar> x({count});
  for (std::int64_t i = 0; i < count; ++i)
    x.data()[i] =
        static_cast<Scalar>(function.low + (function.high - function.low) * static_cast<long double>(i) / (count - 1));
  const Tensor<Scalar> y = forward(function.op, std::vector<Tensor<Scalar>>{x});
  long double worst = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto point = static_cast<long double>(x.data()[i]);
    const long double expected = function.exact(point);
    const long double distance = std::abs(static_cast<long double>(y.data()[i]) - expected);
    if (distance > 0) worst = std::max(worst, distance / std::abs(scale(point, expected)));
  }
  return worst / static_cast<long double>(std::numeric_limits<Scalar>::epsilon());
}

template <class Scalar>
long double worst_epsilons(const Function& function) {
  return worst_epsilons<Scalar>(function, [](long double, long double expected) { return expected; });
}

inline double slope(const OpPtr& op, double x) {
  return *backward(op, {tensor({1}, {x})}, tensor({1}, {1.0}), 0).data();
}
template <class Scalar>
Scalar value(const OpPtr& op, Scalar x) {
  return *forward<Scalar>(op, {tensor<Scalar>({1}, {x})}).data();
}

// True where a NaN comes through, in the middle of a tensor and at its end, and other elements stay finite.
inline bool keeps_nan(const OpPtr& op) {
  Tensor<float> x({37});
  x.fill(1);
  x.data()[0] = x.data()[36] = std::numeric_limits<float>::quiet_NaN();
  const Tensor<float> y = forward(op, std::vector<Tensor<float>>{x});
  return std::isnan(y.data()[0]) && std::isnan(y.data()[36]) && !std::isnan(y.data()[1]);
}

}  // namespace settle::test
