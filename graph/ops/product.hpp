// Purpose: the derivative of a product of many factors to each of them, the product of the others, also where some are
// 0 and dividing by the factor is no way to it. For Eigen arrays of factors x, and of each one's product:
//   p, the product of the factors other than 0; z, the number of those that are 0
// Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

namespace settle {

// What a factor contributes to p and z.
auto unless_zero(const auto& x) { return (x == 0).select(1, x); }
template <class Array>
auto is_zero(const Array& x) {
  return (x == 0).template cast<typename Array::Scalar>();
}

// The product of all factors but x.
auto product_of_others(const auto& x, const auto& p, const auto& z) {
  return (x == 0).select((z == 1).select(p, 0), (z == 0).select(p / x, 0));
}

}  // namespace settle
