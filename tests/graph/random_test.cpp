#include "graph/random.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <vector>

using namespace settle;

TEST_CASE("uniform numbers fill 0 to 1 evenly: mean 1/2, variance 1/12, every tenth as full as any other") {
  RandomStream random(7, "name", "purpose");
  constexpr int count = 100'000;
  std::array<int, 10> bins{};
  double sum = 0, squares = 0;
  for (int i = 0; i < count; ++i) {
    const double x = random.uniform();
    REQUIRE(x >= 0);
    REQUIRE(x < 1);
    sum += x;
    squares += x * x;
    ++bins[static_cast<std::size_t>(10 * x)];
  }
  const double mean = sum / count;
  CHECK(mean == doctest::Approx(0.5).epsilon(0.01));
  CHECK(squares / count - mean * mean == doctest::Approx(1.0 / 12).epsilon(0.02));
  double chi2 = 0;
  for (const int bin : bins) chi2 += std::pow(bin - count / 10, 2) / (count / 10);
  CHECK(chi2 < 27.9);  // 0.1 % of 9 degrees of freedom
}

TEST_CASE("normal numbers have mean 0, variance 1, no skew and a kurtosis of 3") {
  RandomStream random(7, "name", "purpose");
  constexpr int count = 100'000;
  std::array<double, 5> moments{};
  for (int i = 0; i < count; ++i) {
    const double x = random.normal();
    REQUIRE(std::isfinite(x));
    for (std::size_t k = 1; k < 5; ++k) moments[k] += std::pow(x, static_cast<double>(k)) / count;
  }
  CHECK(std::abs(moments[1]) < 0.015);
  CHECK(std::abs(moments[2] - 1) < 0.02);
  CHECK(std::abs(moments[3]) < 0.05);
  CHECK(std::abs(moments[4] - 3) < 0.15);
}

TEST_CASE("a stream is a function of seed, name and purpose, and of each of them") {
  const auto first = [](std::uint64_t seed, std::string_view name, std::string_view purpose) {
    return RandomStream(seed, name, purpose).next();
  };
  CHECK(first(1, "h", "init") == first(1, "h", "init"));
  CHECK(first(1, "h", "init") != first(2, "h", "init"));
  CHECK(first(1, "h", "init") != first(1, "g", "init"));
  CHECK(first(1, "h", "init") != first(1, "h", "data"));
  CHECK(first(1, "ab", "c") != first(1, "a", "bc"));
  CHECK(first(1, "", "x") != first(1, "x", ""));
}

TEST_CASE("streams of neighbouring keys are uncorrelated") {
  constexpr int count = 20'000;
  const auto correlation = [](RandomStream a, RandomStream b) {
    double sum = 0;
    for (int i = 0; i < count; ++i) sum += (a.uniform() - 0.5) * (b.uniform() - 0.5);
    return 12 * sum / count;
  };
  const double bound = 4 / std::sqrt(static_cast<double>(count));
  CHECK(std::abs(correlation({1, "h1", "init"}, {2, "h1", "init"})) < bound);
  CHECK(std::abs(correlation({1, "h1", "init"}, {1, "h2", "init"})) < bound);
  CHECK(std::abs(correlation({1, "h1", "init"}, {1, "h1", "shuffle"})) < bound);
}

TEST_CASE("numbers below a bound stay below it and come evenly, for a bound that does not divide 2^64") {
  RandomStream random(3, "below", "test");
  std::array<int, 7> bins{};
  for (int i = 0; i < 70'000; ++i) ++bins[random.below(7)];
  for (const int bin : bins) CHECK(std::abs(bin - 10'000) < 400);
  CHECK(random.below(1) == 0);
}

TEST_CASE("a shuffle is a permutation, the same for the same key, and puts every item everywhere") {
  std::vector<std::uint32_t> items(100);
  std::iota(items.begin(), items.end(), 0U);
  std::vector<std::uint32_t> sorted = items, again = items;
  RandomStream(5, "epoch 1", "shuffle").shuffle(items);
  RandomStream(5, "epoch 1", "shuffle").shuffle(again);
  CHECK(items == again);
  CHECK(items != sorted);
  std::ranges::sort(items);
  CHECK(items == sorted);

  std::array<std::array<int, 4>, 4> places{};
  for (std::uint64_t seed = 0; seed < 8000; ++seed) {
    std::array<std::uint32_t, 4> four{0, 1, 2, 3};
    RandomStream(seed, "four", "shuffle").shuffle(four);
    for (std::size_t place = 0; place < 4; ++place) ++places[four[place]][place];
  }
  for (const auto& item : places)
    for (const int count : item) CHECK(std::abs(count - 2000) < 200);
}
