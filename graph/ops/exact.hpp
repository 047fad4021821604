// Purpose: functions of an Eigen array whose vectorised form in Eigen is less exact than the standard library's.
// Caller: graph/ops/*.cpp only. Thread rule: pure functions.
#pragma once

#include <cmath>

namespace settle {

// Rounded correctly; Eigen's AVX code goes by an approximation of 1/sqrt(x), and loses small numbers.
auto exact_sqrt(const auto& x) {
  return x.unaryExpr([](auto element) { return std::sqrt(element); });
}

}  // namespace settle
