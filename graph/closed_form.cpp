#include "graph/closed_form.hpp"

#include <cmath>

namespace settle {

double received_share(std::uint64_t steps, std::uint64_t hops, double value_rate) {
  if (hops == 0) return 1;
  if (steps < hops) return 0;
  if (value_rate == 1) return 1;
  // 1 - P(X < hops), the terms by logarithms so that many steps do not underflow.
  const auto n = static_cast<double>(steps);
  double missing = 0;
  for (std::uint64_t k = 0; k < hops; ++k) {
    const auto j = static_cast<double>(k);
    missing += std::exp(std::lgamma(n + 1) - std::lgamma(j + 1) - std::lgamma(n - j + 1) + j * std::log(value_rate) +
                        (n - j) * std::log1p(-value_rate));
  }
  return missing < 1 ? 1 - missing : 0;
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
