// Zero-divergence learning is backprop on levelled graphs, and only there.
#include <doctest/doctest.h>

#include "graph/levelling.hpp"
#include "graph/reference.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

std::uint64_t levels(const Graph& graph) {
  std::uint64_t most = 0;
  for (const Vertex& vertex : graph.vertices())
    if (vertex.kind == VertexKind::computed) most = std::max<std::uint64_t>(most, vertex.height);
  return most;
}

using Gradients = std::vector<std::vector<Tensor<double>>>;

Gradients gradients_of(Reference<double>& reference) {
  reference.collect_leaf_feedback(true);
  Gradients all;
  for (VertexId id = 0; id < reference.graph().size(); ++id)
    all.push_back(reference.node(id).free() && reference.node(id).vertex().kind == VertexKind::input
                      ? std::vector<Tensor<double>>()
                      : reference.node(id).read_out());
  return all;
}

double distance(const Gradients& a, const Gradients& b) {
  Distance sum;
  for (std::size_t id = 0; id < b.size(); ++id)
    for (std::size_t k = 0; k < b[id].size(); ++k) sum.add(a[id][k].flat(), b[id][k].flat());
  return sum.relative();
}

// How far the gradients of `steps` steps are from backprop's on the same graph, inputs and outputs being clamped.
double divergence(const GraphPtr& graph, std::uint64_t seed, std::uint64_t steps) {
  const RandomData<double> data(graph, seed);
  std::vector<VertexId> held(graph->inputs().begin(), graph->inputs().end());
  held.insert(held.end(), graph->outputs().begin(), graph->outputs().end());
  Trial trial;
  trial.samples = {0, 1, 2};
  trial.clamped = clamp_set(*graph, held);
  Reference<double> reference(graph, seed, {});
  reference.predict(trial, data);
  reference.backprop();
  const Gradients exact = gradients_of(reference);
  reference.predict(trial, data);
  reference.relax(*zero_divergence<double>(), steps);
  return distance(gradients_of(reference), exact);
}

}  // namespace

TEST_CASE(
    "zero-divergence learning is backprop to 1e-14 on a chain, with precisions, at any number of steps from T on") {
  const GraphPtr graph = parse_graph(R"(
x ~ input(4)
a ~ normal(tanh(linear(x, 5)))
b ~ normal(tanh(linear(a, 5)), precision=3)
c ~ normal(sigmoid(linear(b, 5)), precision=0.25)
d ~ normal(tanh(linear(c, 5)))
y ~ categorical(linear(d, 3))
)",
                                     "chain.graph");
  REQUIRE(levels(*graph) == 4);
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    for (const std::uint64_t steps : {4U, 5U, 9U}) CHECK(divergence(graph, seed, steps) < 1e-14);
  CHECK(divergence(graph, 0, 3) > 1e-3);  // the deepest vertex has not been reached
}

TEST_CASE("zero-divergence learning is backprop to 1e-14 on 100 random graphs, levelled, shared parameters included") {
  std::size_t inserted = 0, shared = 0, tried = 0;
  for (std::uint64_t seed = 0; tried < 100; ++seed) {
    const RandomModel model = random_model(seed);
    bool admitted = true;
    for (const Vertex& vertex : model.graph->vertices())
      if (vertex.kind == VertexKind::computed && !vertex.childless())
        admitted = admitted && vertex.energy->relaxable() && vertex.precision_kind == PrecisionKind::uniform;
    if (!admitted) continue;
    ++tried;
    const GraphPtr graph = levelled(model.graph);
    inserted += graph->size() - model.graph->size();
    for (const Vertex& vertex : graph->vertices()) shared += vertex.kind == VertexKind::parameter ? 1 : 0;
    CAPTURE(seed);
    CAPTURE(model.text);
    CHECK(divergence(graph, seed, levels(*graph)) < 1e-14);
  }
  CHECK(inserted > 100);
  CHECK(shared > 20);
}

TEST_CASE("with one skip connection that is not levelled, zero-divergence learning is far from backprop") {
  // a hears from y over one edge at step 1, but learns at step 3, moved by both ways at different times.
  const GraphPtr graph = parse_graph(R"(
x ~ input(3)
a ~ normal(linear(x, 3))
b ~ normal(linear(a, 3))
c ~ normal(linear(b, 3))
y ~ normal(linear(c, 3) + 6 * a)
)",
                                     "skip.graph");
  CHECK(divergence(graph, 1, 3) > 1);
  CHECK(divergence(levelled(graph), 1, 3) < 1e-14);
}
