// Purpose: how far computed numbers are from expected ones, relative to a norm. Caller: tests. Thread rule: values.
#pragma once

#include <cmath>
#include <span>

namespace settle::test {

// Squares of a - b and of b, summed over many tensors.
struct Distance {
  double difference = 0;
  double norm = 0;

  template <class A, class B>
  void add(std::span<A> a, std::span<B> b) {
    if (a.size() != b.size()) difference = INFINITY;
    for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
      const auto x = static_cast<double>(a[i]);
      const auto y = static_cast<double>(b[i]);
      difference += (x - y) * (x - y);
      norm += y * y;
    }
  }
  double relative() const { return norm > 0 ? std::sqrt(difference / norm) : std::sqrt(difference); }
};

}  // namespace settle::test
