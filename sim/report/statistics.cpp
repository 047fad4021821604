#include "sim/report/statistics.hpp"

#include <cassert>
#include <cmath>

namespace settle {
namespace {

// The continued fraction of the incomplete beta function, by Lentz's method.
double beta_fraction(double a, double b, double x) {
  constexpr double kSmall = 1e-300;
  constexpr double kEnough = 1e-16;
  const auto away_from_zero = [](double value) { return std::abs(value) < kSmall ? kSmall : value; };
  double c = 1;
  double d = 1 / away_from_zero(1 - (a + b) * x / (a + 1));
  double fraction = d;
  for (int m = 1; m <= 10'000; ++m) {
    const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away_from_zero(1 + even * d);
    c = away_from_zero(1 + even / c);
    fraction *= d * c;
    const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away_from_zero(1 + odd * d);
    c = away_from_zero(1 + odd / c);
    fraction *= d * c;
    if (std::abs(d * c - 1) < kEnough) break;
  }
  return fraction;
}

// The regularised incomplete beta function I_x(a, b); `y` is 1 - x, given apart so that neither is lost to rounding.
double incomplete_beta(double a, double b, double x, double y) {
  if (x <= 0 || y <= 0) return x <= 0 ? 0 : 1;
  const double front =
      std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(y));
  // The fraction converges fast on this side of the mean only.
  return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a : 1 - front * beta_fraction(b, a, y) / b;
}

}  // namespace

double student_probability(double t, std::uint64_t degrees) {
  assert(degrees >= 1);
  const auto n = static_cast<double>(degrees);
  const double tail = 0.5 * incomplete_beta(n / 2, 0.5, n / (n + t * t), t * t / (n + t * t));
  return t < 0 ? tail : 1 - tail;
}

double student_quantile(double probability, std::uint64_t degrees) {
  assert(probability > 0 && probability < 1);
  if (probability < 0.5) return -student_quantile(1 - probability, degrees);
  double low = 0;
  double high = 1;
  while (student_probability(high, degrees) < probability) high *= 2;
  for (double middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2)
    (student_probability(middle, degrees) < probability ? low : high) = middle;
  return high;
}

Estimate estimate(std::span<const double> samples) {
  Estimate result;
  result.samples = samples.size();
  if (samples.empty()) return result;
  const auto count = static_cast<double>(samples.size());
  for (const double sample : samples) result.mean += sample / count;
  if (samples.size() < 2) return result;
  double squares = 0;
  for (const double sample : samples) squares += (sample - result.mean) * (sample - result.mean);
  result.half_width = student_quantile(0.975, samples.size() - 1) * std::sqrt(squares / (count - 1) / count);
  return result;
}

}  // namespace settle
