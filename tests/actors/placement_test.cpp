#include "actors/placement.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

namespace {

GraphPtr model(const std::string& text) { return parse_graph(text, "m.graph"); }

// Two halves that meet at one edge: a ring of `n` scalar vertices each, tied by many edges of its own.
GraphPtr halves() {
  return model(R"(
x ~ input(1)
a[0] ~ normal(tanh(x))
repeat t in 1..20 { a[t] ~ normal(tanh(a[t-1]) + sin(a[0])) }
b[0] ~ normal(tanh(a[20]))
repeat t in 1..20 { b[t] ~ normal(tanh(b[t-1]) + sin(b[0])) }
)");
}

HostId host(const Graph& graph, const Placement& placement, const std::string& name) {
  return placement[*graph.find(name)];
}

}  // namespace

TEST_CASE("a graph of two halves is divided where they meet") {
  const GraphPtr graph = halves();
  const Placement placement = place(*graph, {.hosts = 2, .pins = {}});
  const PlacementCost cost = cost_of(*graph, placement, 2, 8);
  CHECK(cost.cut_edges == 1);
  CHECK(cost.cut_bytes_per_sample == 8);
  CHECK(cost.imbalance < 1.1);
  CHECK(host(*graph, placement, "a[3]") == host(*graph, placement, "a[20]"));
  CHECK(host(*graph, placement, "a[3]") != host(*graph, placement, "b[3]"));
  CHECK(host(*graph, placement, "x") == host(*graph, placement, "a[0]"));
}

TEST_CASE("pinned vertices are where they are pinned, and what is tied to them goes there") {
  const GraphPtr graph = halves();
  for (const HostId last : {0U, 1U}) {
    const Placement placement = place(*graph, {.hosts = 2, .pins = {{"b[20]", last}, {"b[*", last}, {"*", 1 - last}}});
    CHECK(host(*graph, placement, "b[20]") == last);
    CHECK(host(*graph, placement, "b[1]") == last);
    CHECK(host(*graph, placement, "a[1]") == 1 - last);
  }
  for (const HostId first : {0U, 1U}) {
    const Placement placement = place(*graph, {.hosts = 2, .pins = {{"a[1]", first}}});
    CHECK(host(*graph, placement, "a[1]") == first);
    CHECK(host(*graph, placement, "a[7]") == first);
    CHECK(host(*graph, placement, "b[7]") == 1 - first);
  }
}

TEST_CASE("a pin that means no vertex or no host is refused") {
  const GraphPtr graph = halves();
  CHECK_THROWS_WITH_AS(static_cast<void>(place(*graph, {.hosts = 2, .pins = {{"c*", 0}}})),
                       "no vertex has a name like 'c*', which is pinned to a host", BadConfig);
  CHECK_THROWS_WITH_AS(static_cast<void>(place(*graph, {.hosts = 2, .pins = {{"a*", 2}}})),
                       "'a*' is pinned to host 2, there are 2, from 0 on", BadConfig);
}

TEST_CASE("many equal vertices are shared out evenly, the same way every time") {
  const GraphPtr graph = model("x ~ input(1)\nrepeat t in 1..1000 { a[t] ~ normal(tanh(x)) }\n");
  for (const HostId hosts : {2U, 7U, 8U, 9U, 32U}) {
    CAPTURE(hosts);
    const Placement placement = place(*graph, {.hosts = hosts, .pins = {}});
    CHECK(placement == place(*graph, {.hosts = hosts, .pins = {}}));
    const PlacementCost cost = cost_of(*graph, placement, hosts, 4);
    CHECK(cost.cut_edges == 0);  // all its edges come from the input
    CHECK(cost.imbalance < 1.1);
  }
}

TEST_CASE("the heaviest of few vertices gets a host of its own, and hosts may be empty") {
  const GraphPtr graph = model(R"(
x ~ input(784)
h1 ~ normal(tanh(linear(x, 300)))
h2 ~ normal(tanh(linear(h1, 100)))
y ~ categorical(linear(h2, 10))
)");
  const Placement two = place(*graph, {.hosts = 2, .pins = {}});
  CHECK(host(*graph, two, "h1") != host(*graph, two, "h2"));
  CHECK(host(*graph, two, "y") == host(*graph, two, "h2"));
  const PlacementCost cost = cost_of(*graph, two, 2, 4);
  CHECK(cost.cut_bytes_per_sample == 300 * 4);
  CHECK(cost.hosts[host(*graph, two, "h1")].parameters == 784 * 300 + 300);

  const PlacementCost eight = cost_of(*graph, place(*graph, {.hosts = 8, .pins = {}}), 8, 4);
  CHECK(std::ranges::count(eight.hosts, 0U, &HostLoad::vertices) == 5);
}

TEST_CASE("a shared parameter travels once a trial, and a vertex that predicts itself cuts nothing") {
  const GraphPtr graph = model(R"(
x ~ input(3)
w ~ parameter(5)
a ~ normal(linear(x, 5) * w)
b ~ normal(linear(a, 5) * w)
c ~ normal(tanh(linear(c, 4) + linear(b, 4)), shape=4)
)");
  const Placement placement = place(*graph, {.hosts = 2, .pins = {{"w", 0}, {"a", 1}, {"b", 1}, {"c", 0}}});
  const PlacementCost cost = cost_of(*graph, placement, 2, 4);
  CHECK(cost.cut_edges == 3);
  CHECK(cost.cut_bytes_per_sample == 5 * 4);
  CHECK(cost.cut_bytes_per_trial == 2 * 5 * 4);
}
