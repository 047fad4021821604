#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <vector>

#include "graph/closed_form.hpp"

namespace settle {
namespace {

// P(Binomial(steps, rate) >= hops) by enumeration over exact binomial coefficients. Requires: steps <= 60.
long double enumerated(unsigned steps, unsigned hops, long double rate) {
  std::vector<std::uint64_t> row{1};  // Pascal's triangle; 60 choose 30 has 57 bits
  for (unsigned n = 0; n < steps; ++n) {
    row.push_back(0);
    for (std::size_t k = row.size() - 1; k > 0; --k) row[k] += row[k - 1];
  }
  long double sum = 0;
  for (unsigned k = steps + 1; k-- > hops;)
    sum += static_cast<long double>(row[k]) * std::pow(rate, static_cast<long double>(k)) *
           std::pow(1 - rate, static_cast<long double>(steps - k));
  return sum;
}

}  // namespace

TEST_CASE("the received share is the binomial tail, enumerated with exact coefficients") {
  for (const double rate : {0.01, 0.1, 0.3, 0.5, 0.9, 0.99})
    for (unsigned steps = 0; steps <= 60; steps += steps < 12 ? 1 : 7)
      for (unsigned hops = 1; hops <= 12; ++hops) {
        CAPTURE(rate);
        CAPTURE(steps);
        CAPTURE(hops);
        const double share = received_share(steps, hops, rate);
        const auto expected = static_cast<double>(enumerated(steps, hops, rate));
        CHECK(std::abs(share - expected) <= 1e-11 * expected);
        CHECK(share <= 1);
      }
}

TEST_CASE("the received share follows the relaxation it describes, one step after another") {
  constexpr double kRate = 0.2;
  for (std::uint64_t steps = 0; steps < 300; steps += 7)
    for (std::uint64_t hops = 1; hops <= 8; ++hops) {
      const double next =
          (1 - kRate) * received_share(steps, hops, kRate) + kRate * received_share(steps, hops - 1, kRate);
      CHECK(received_share(steps + 1, hops, kRate) == doctest::Approx(next).epsilon(1e-11));
    }
}

TEST_CASE("the received share at its limits") {
  CHECK(received_share(0, 0, 0.1) == 1);
  CHECK(received_share(0, 1, 0.1) == 0);
  CHECK(received_share(4, 5, 1) == 0);
  CHECK(received_share(5, 5, 1) == 1);
  CHECK(received_share(3, 3, 0.5) == doctest::Approx(0.125).epsilon(1e-14));
  CHECK(received_share(1000000, 3, 0.1) == 1);
  CHECK(received_share(1000000, 1, 1e-9) == doctest::Approx(-std::expm1(1e6 * std::log1p(-1e-9))).epsilon(1e-9));
}

TEST_CASE("the received share grows with steps and rate and falls with hops") {
  for (std::uint64_t hops = 1; hops <= 10; ++hops)
    for (std::uint64_t steps = hops; steps < 200; steps += 3) {
      CHECK(received_share(steps + 1, hops, 0.1) >= received_share(steps, hops, 0.1));
      CHECK(received_share(steps, hops, 0.2) >= received_share(steps, hops, 0.1));
      CHECK(received_share(steps, hops + 1, 0.1) <= received_share(steps, hops, 0.1));
    }
}

TEST_CASE("a relative error of 1e-3 needs the published numbers of steps") {
  const std::vector<std::uint64_t> hops{1, 2, 3, 5, 10};
  const std::vector<std::uint64_t> slow{66, 89, 108, 143, 220}, fast{10, 14, 18, 24, 38};
  for (std::size_t k = 0; k < hops.size(); ++k) {
    CHECK(steps_to_receive(0.999, hops[k], 0.1) == slow[k]);
    CHECK(steps_to_receive(0.999, hops[k], 0.5) == fast[k]);
  }
}

TEST_CASE("the steps asked for are the fewest that give the share") {
  for (const double rate : {0.01, 0.1, 0.7})
    for (const double share : {0.1, 0.9, 0.999999})
      for (std::uint64_t hops = 1; hops <= 20; hops += 3) {
        const std::uint64_t steps = steps_to_receive(share, hops, rate);
        CHECK(received_share(steps, hops, rate) >= share);
        CHECK(received_share(steps - 1, hops, rate) < share);
      }
  CHECK(steps_to_receive(0.9, 7, 1) == 7);
}

}  // namespace settle
