// Student's t against closed forms and the table that every textbook has, and intervals against a worked example.
#include <doctest/doctest.h>

#include <cmath>
#include <numbers>
#include <vector>

#include "sim/report/statistics.hpp"

namespace settle {

TEST_CASE("Student's distribution with one and two degrees of freedom is the closed form") {
  for (const double t : {-30.0, -2.0, -0.1, 0.0, 0.5, 1.0, 7.0, 1000.0}) {
    CAPTURE(t);
    CHECK(student_probability(t, 1) == doctest::Approx(0.5 + std::atan(t) / std::numbers::pi).epsilon(1e-12));
    CHECK(student_probability(t, 2) == doctest::Approx(0.5 + t / (2 * std::sqrt(2 + t * t))).epsilon(1e-12));
  }
}

TEST_CASE("the 0.975 quantiles of Student's distribution are those of the tables") {
  CHECK(student_quantile(0.975, 1) == doctest::Approx(12.7062).epsilon(1e-5));
  CHECK(student_quantile(0.975, 2) == doctest::Approx(4.30265).epsilon(1e-5));
  CHECK(student_quantile(0.975, 4) == doctest::Approx(2.77645).epsilon(1e-5));
  CHECK(student_quantile(0.975, 9) == doctest::Approx(2.26216).epsilon(1e-5));
  CHECK(student_quantile(0.975, 30) == doctest::Approx(2.04227).epsilon(1e-5));
  CHECK(student_quantile(0.025, 9) == doctest::Approx(-2.26216).epsilon(1e-5));
  CHECK(student_quantile(0.975, 1'000'000) == doctest::Approx(1.95996).epsilon(1e-5));
}

TEST_CASE("an interval is t times the deviation over the root of the count, and has no width for one sample") {
  const std::vector<double> samples{1, 2, 3, 4, 5};  // deviation sqrt(2.5)
  const Estimate five = estimate(samples);
  CHECK(five.mean == doctest::Approx(3));
  CHECK(five.half_width == doctest::Approx(2.77645 * std::sqrt(2.5) / std::sqrt(5.0)).epsilon(1e-5));
  CHECK(estimate(std::vector<double>{7}).half_width == 0);
  CHECK(estimate({}).samples == 0);
}

}  // namespace settle
