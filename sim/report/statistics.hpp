// Purpose: what repeated measurements say: their mean and its 95 % interval, mean +- t * s / sqrt(n), with s the
// deviation of the samples (n - 1) and t the 0.975 quantile of Student's distribution with n - 1 degrees of freedom.
// Caller: study reports. Thread rule: pure.
// Source: Student's t as in any table; its probability by the continued fraction of the incomplete beta function
// (Abramowitz & Stegun 26.5.8, 26.7).
#pragma once

#include <cstdint>
#include <span>

namespace settle {

// P(T <= t). Requires: degrees >= 1.
double student_probability(double t, std::uint64_t degrees);
// The t with P(T <= t) = probability. Requires: degrees >= 1, 0 < probability < 1.
double student_quantile(double probability, std::uint64_t degrees);

struct Estimate {
  double mean = 0;
  double half_width = 0;  // of the 95 % interval; 0 for fewer than two samples
  std::uint64_t samples = 0;
};

// Samples that are not finite make the mean what they make of the sum.
Estimate estimate(std::span<const double> samples);

}  // namespace settle
