#include "graph/closed_form.hpp"

#include <algorithm>
#include <cmath>

namespace settle {
namespace {

constexpr double kNegligible = 1e-20;  // of a sum whose terms fall

}  // namespace

double received_share(std::uint64_t steps, std::uint64_t hops, double value_rate) {
  if (hops == 0) return 1;
  if (steps < hops) return 0;
  if (value_rate == 1) return 1;
  // The tail that holds less than half, so that a small share is as exact as a large one. Terms by logarithms, so that
  // many steps do not underflow.
  const auto n = static_cast<double>(steps);
  const auto probability = [&](std::uint64_t hits) {
    const auto k = static_cast<double>(hits);
    return std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) + k * std::log(value_rate) +
                    (n - k) * std::log1p(-value_rate));
  };
  double sum = 0;
  if (static_cast<double>(hops) > n * value_rate) {
    double term = 1;
    for (std::uint64_t k = hops; k <= steps && term > sum * kNegligible; ++k) sum += term = probability(k);
    return std::min(sum, 1.0);
  }
  for (std::uint64_t k = 0; k < hops; ++k) sum += probability(k);
  return std::max(1 - sum, 0.0);
}

double received_share_delayed(std::uint64_t steps, std::uint64_t hops, double value_rate, std::uint64_t delay) {
  if (hops == 0) return 1;
  const std::uint64_t late = (hops - 1) * delay;
  return steps < late ? 0 : received_share(steps - late, hops, value_rate);
}

double received_share_in_flight(std::uint64_t ticks, std::uint64_t hops, double value_rate, std::uint64_t latency) {
  const std::uint64_t late = hops * (latency - 1);
  return ticks < late ? 0 : received_share(ticks - late, hops, value_rate);
}

std::uint64_t steps_to_receive(double share, std::uint64_t hops, double value_rate) {
  std::uint64_t enough = hops > 0 ? hops : 1;
  while (received_share(enough, hops, value_rate) < share) enough *= 2;
  std::uint64_t low = 0;
  while (enough - low > 1) {
    const std::uint64_t middle = low + (enough - low) / 2;
    (received_share(middle, hops, value_rate) < share ? low : enough) = middle;
  }
  return enough;
}

}  // namespace settle
