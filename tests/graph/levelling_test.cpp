#include "graph/levelling.hpp"

#include <doctest/doctest.h>

#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

const char* const kSkip = R"(
x ~ input(3)
a ~ normal(tanh(linear(x, 4)))
b ~ normal(tanh(linear(a, 4)))
c ~ normal(tanh(linear(b, 4)))
y ~ normal(linear(c, 2) + linear(a, 2, bias=0))
)";

}  // namespace

TEST_CASE("a graph whose edges lead one level down each is levelled, and stays the very same") {
  const GraphPtr graph = parse_graph("x ~ input(2)\na ~ normal(linear(x, 2))\nb ~ normal(linear(a, 2))", "m.graph");
  CHECK_FALSE(find_skipping_edge(*graph));
  CHECK(levelled(graph) == graph);
}

TEST_CASE("edges of inputs and parameters may skip levels: they wait for nobody") {
  const GraphPtr graph = parse_graph(
      "x ~ input(2)\ns ~ parameter(2)\na ~ normal(s * linear(x, 2))\ny ~ normal(s * linear(a, 2) + x)", "m.graph");
  CHECK_FALSE(find_skipping_edge(*graph));
}

TEST_CASE("the edge that skips levels is found, and two vertices named after their parent and level bridge it") {
  const GraphPtr graph = parse_graph(kSkip, "skip.graph");
  const auto edge = find_skipping_edge(*graph);
  REQUIRE(edge);
  CHECK((*graph)[edge->parent].name == "a");
  CHECK((*graph)[edge->child].name == "y");
  const GraphPtr result = levelled(graph);
  CHECK_FALSE(find_skipping_edge(*result));
  REQUIRE(result->size() == graph->size() + 2);
  const Vertex& upper = (*result)[result->find("a@2").value()];
  const Vertex& lower = (*result)[result->find("a@1").value()];
  CHECK(upper.height == 2);
  CHECK(lower.height == 1);
  CHECK(upper.parameters.empty());
  CHECK((*result)[lower.parents[0].vertex].name == "a@2");
  CHECK(result->parameter_count() == graph->parameter_count());
}

TEST_CASE("one chain serves all edges of a vertex that skip levels") {
  const GraphPtr graph = parse_graph(R"(
x ~ input(2)
a ~ normal(linear(x, 2))
b ~ normal(linear(a, 2))
c ~ normal(linear(b, 2) + a)
d ~ normal(linear(c, 2) + a)
y ~ normal(linear(d, 2) + a)
)",
                                     "m.graph");
  const GraphPtr result = levelled(graph);
  CHECK(result->size() == graph->size() + 3);
  for (const Vertex& vertex : result->vertices())
    for (Slot slot = 0; slot < vertex.parents.size(); ++slot) {
      const Edge& parent = vertex.parents[slot];
      CHECK((*result)[parent.vertex].children[parent.slot].vertex == result->find(vertex.name));
      CHECK((*result)[parent.vertex].children[parent.slot].slot == slot);
    }
}

TEST_CASE("levelling keeps ids, names, loss and backprop's gradients of 100 random graphs") {
  std::size_t inserted = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomModel model = random_model(seed);
    const GraphPtr result = levelled(model.graph);
    CAPTURE(seed);
    CAPTURE(model.text);
    CHECK_FALSE(find_skipping_edge(*result));
    inserted += result->size() - model.graph->size();
    Reference<double> plain(model.graph, seed, {});
    Reference<double> longer(result, seed, {});
    std::vector<VertexId> held;
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      REQUIRE((*result)[id].name == (*model.graph)[id].name);
      if ((*model.clamped)[id]) held.push_back(id);
    }
    const RandomData<double> data(model.graph, seed);
    const RandomData<double> same(result, seed);
    Trial trial = model.trial(LearnMode::read_out);
    const double loss = plain.predict(trial, data);
    trial.clamped = clamp_set(*result, held);
    CHECK(longer.predict(trial, same) == loss);
    for (Reference<double>* reference : {&plain, &longer}) {
      reference->backprop();
      reference->collect_leaf_feedback(false);
    }
    Distance distance;
    for (VertexId id = 0; id < model.graph->size(); ++id) {
      const auto expected = plain.node(id).read_out();
      const auto actual = longer.node(id).read_out();
      if (expected.empty() || (*model.graph)[id].kind == VertexKind::input) continue;
      for (std::size_t k = 0; k < expected.size(); ++k) distance.add(actual[k].flat(), expected[k].flat());
    }
    CHECK(distance.relative() < 1e-14);
  }
  CHECK(inserted > 100);
}
