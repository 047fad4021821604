// How far vertices are from the outputs, where all their paths are as long.
#include <doctest/doctest.h>

#include "graph/hops.hpp"
#include "graph/language/language.hpp"

namespace settle {

TEST_CASE("a chain counts its hops to the output, and a skip leaves those above it without one answer") {
  const GraphPtr chain =
      parse_graph("x ~ input(2)\na ~ normal(tanh(x))\nb ~ normal(tanh(a))\ny ~ normal(b)\n", "chain");
  const auto hops = hops_to_output(*chain);
  CHECK(hops[*chain->find("y")] == 0);
  CHECK(hops[*chain->find("b")] == 1);
  CHECK(hops[*chain->find("a")] == 2);
  const GraphPtr skip =
      parse_graph("x ~ input(2)\na ~ normal(tanh(x))\nb ~ normal(tanh(a))\ny ~ normal(b + a)\n", "skip");
  const auto uneven = hops_to_output(*skip);
  CHECK(uneven[*skip->find("b")] == 1);
  CHECK_FALSE(uneven[*skip->find("a")]);
  CHECK_FALSE(uneven[*skip->find("x")]);
}

}  // namespace settle
