#include "sim/virtual/distribution.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

using namespace settle;

TEST_CASE("draws have the mean and the median that their distribution says") {
  struct Case {
    std::string text;
    double mean;
    double median;
  };
  const double sigma = 0.75;
  for (const Case& each : {Case{"3", 3, 3}, Case{"constant(2.5)", 2.5, 2.5}, Case{"uniform(2, 6)", 4, 4},
                           Case{"exponential(5)", 5, 5 * std::log(2)},
                           Case{"lognormal(10, 0.75)", 10 * std::exp(sigma * sigma / 2), 10}}) {
    CAPTURE(each.text);
    std::string text = each.text;
    const DistributionPtr distribution = read_distribution(text);
    REQUIRE(distribution);
    CHECK(distribution->constant() == (each.mean == each.median && each.text.find("uniform") == std::string::npos));
    RandomStream random(1, "distribution", "test");
    std::vector<double> draws;
    double sum = 0;
    for (int k = 0; k < 200'000; ++k) {
      draws.push_back(distribution->draw(random));
      sum += draws.back();
    }
    std::ranges::nth_element(draws, draws.begin() + 100'000);
    CHECK(sum / 200'000 == doctest::Approx(each.mean).epsilon(0.01));
    CHECK(draws[100'000] == doctest::Approx(each.median).epsilon(0.01));
  }
}

TEST_CASE("a distribution has one spelling, and what is none is refused") {
  const auto spelt = [](std::string text) { return read_distribution(text) ? text : "refused"; };
  CHECK(spelt("7.0") == "7");
  CHECK(spelt(" constant( 7 )") == "7");
  CHECK(spelt("uniform(1,5e0)") == "uniform(1, 5)");
  CHECK(spelt("lognormal( 1e1 , 0.5)") == "lognormal(10, 0.5)");
  for (const char* wrong : {"", "fast", "0", "-1", "nan", "inf", "uniform(1)", "uniform(5, 1)", "uniform(1, 2, 3)",
                            "exponential(0)", "exponential(", "exponential()", "gauss(1, 2)", "lognormal(1, -1)",
                            "uniform(1, 2))", "(1)", "1 2", ")", "uniform)1, 2("})
    CHECK_MESSAGE(spelt(wrong) == "refused", wrong);
}

TEST_CASE("numbered streams are streams of their own, whatever was drawn of the others") {
  const RandomStream first(1, "a", "b");
  RandomStream one = first.numbered(1);
  RandomStream two = first.numbered(2);
  RandomStream again = first.numbered(1);
  const std::uint64_t draw = one.next();
  CHECK(draw != two.next());
  CHECK(draw == again.next());
}
