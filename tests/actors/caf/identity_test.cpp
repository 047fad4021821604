// Fixed prediction at rate 1 is backprop, to the last bit, whatever the threads do.
#include <doctest/doctest.h>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "graph/families/family.hpp"
#include "graph/language/language.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/random_graph.hpp"

using namespace settle;
using namespace settle::test;

namespace {

template <class Scalar>
void compare(const RandomModel& model) {
  const RandomData<Scalar> data(model.graph, model.seed);
  NodeSettings<Scalar> settings;
  settings.optimizer = optimizer_for(model.seed);
  settings.seed = model.seed;
  settings.source = &data;
  const auto backprop = make_reference_executor(model.graph, settings);
  const auto expected = four_trials(*backprop, model);
  settings.rule = fixed_prediction<Scalar>(1);
  for (const Wake wake : {Wake::gather, Wake::eager})
    for (const unsigned threads : {1U, 2U, 4U}) {
      settings.wake = wake;
      const auto caf = make_caf_executor<Scalar>(model.graph, settings, {.threads = threads});
      const State<Scalar> fresh = caf->save();
      for (int repetition = 0; repetition < 2; ++repetition) {
        caf->restore(fresh, false);
        const auto actual = four_trials(*caf, model);
        for (std::size_t t = 0; t < expected.size(); ++t) {
          CAPTURE(threads);
          CAPTURE(repetition);
          CAPTURE(t);
          INFO(std::string(wake == Wake::eager ? "eager" : "gather"));
          CHECK(first_difference(*model.graph, actual[t], expected[t]) == "");
          CHECK(actual[t].report.unsettled == 0);
          CHECK_FALSE(actual[t].report.diverged);
        }
      }
    }
}

template <class Scalar>
void compare_all() {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomModel model = random_model(seed);
    CAPTURE(seed);
    CAPTURE(model.text);
    compare<Scalar>(model);
  }
}

}  // namespace

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit on 100 random graphs, float32") {
  compare_all<float>();
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit on 100 random graphs, float64") {
  compare_all<double>();
}

TEST_CASE("fixed prediction at rate 1 is one reverse sweep to the last bit where hidden vertices predict precisions") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const RandomModel model = random_model(seed, false, true);
    CAPTURE(seed);
    CAPTURE(model.text);
    compare<double>(model);
  }
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit through convolutions, pooling and attention") {
  RandomModel model;
  model.seed = 5;
  model.batch = 3;
  model.text =
      "x ~ input(2, 12, 12)\n"
      "c ~ normal(relu(conv(x, 4, 3, pad=same)))\n"
      "d ~ normal(max_pool(c, 2) + average_pool(c, 2))\n"
      "e ~ normal(gelu(conv(d, 6, 3, stride=2)))\n"
      "u ~ normal(leaky_relu(conv_transpose(e, 3, 2, stride=2)))\n"
      "q ~ normal(linear(reshape(e, 6, 4), 5))\n"
      "k ~ normal(layer_norm(linear(reshape(e, 6, 4), 5)))\n"
      "a ~ normal(matmul(softmax(matmul(q, transpose(k))), q))\n"
      "y ~ categorical(linear(flatten(a), 4) + linear(flatten(clip(u, min=-1, max=1)), 4))\n";
  model.graph = parse_graph(model.text, "model");
  std::vector<VertexId> clamped(model.graph->inputs().begin(), model.graph->inputs().end());
  clamped.insert(clamped.end(), model.graph->outputs().begin(), model.graph->outputs().end());
  model.clamped = clamp_set(*model.graph, clamped);
  compare<float>(model);
  compare<double>(model);
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit on every model family") {
  const std::vector<std::pair<std::string, FamilyOptions>> families = {
      {"mlp", {.layers = "6, 5, 4 relu, 3"}},
      {"cnn", {.layers = "2x9x9, conv 3 3 relu, maxpool 2, conv 4 2, 6, 3", .output = "normal", .bias = false}},
      {"residual", {.layers = "2x6x6, conv 3 3 pad same, block 3 3, block 4 3 stride 2, 3"}},
      {"residual", {.layers = "5, block 5, block 4, 3", .output = "normal"}},
      {"rnn", {.layers = "6x3, 5, 4", .output = "normal", .bias = false}},
      {"rnn", {.layers = "5x3, 5, 4, 2", .readout = "each"}},
      {"lstm", {.layers = "5x3, 4, 3"}},
      {"lstm", {.layers = "4x3, 4, 3", .output = "normal", .readout = "each"}},
      {"gru", {.layers = "5x3, 4, 3"}},
      {"rnn", {.layers = "5x3, 4, 3", .output = "normal", .mask = true}},
      {"lstm", {.layers = "4x3, 4, 3", .readout = "each", .mask = true}},
      {"gru", {.layers = "4x3, 3, 4, 3", .mask = true}},
  };
  for (const auto& family : families) {
    const auto& name = family.first;
    const auto& options = family.second;
    CAPTURE(name);
    RandomModel model;
    model.seed = 3;
    model.batch = 4;
    model.text = family_source(name, options);
    CAPTURE(model.text);
    model.graph = parse_graph(model.text, name);
    std::vector<VertexId> clamped(model.graph->inputs().begin(), model.graph->inputs().end());
    clamped.insert(clamped.end(), model.graph->outputs().begin(), model.graph->outputs().end());
    model.clamped = clamp_set(*model.graph, clamped);
    compare<float>(model);
    compare<double>(model);
  }
}

TEST_CASE(
    "fixed prediction at rate 1 is backprop to the last bit where layers are split into tiles, down to single units") {
  for (const std::uint32_t batch : {1U, 3U})
    for (const int tile : {2, 5}) {
      RandomModel model;
      model.seed = 6;
      model.batch = batch;
      const std::string tiled = ", tile=" + std::to_string(tile) + ")\n";
      model.text = "x ~ input(4)\na ~ normal(tanh(linear(x, 5))" + tiled + "b ~ normal(a + sin(linear(a, 5))" + tiled +
                   "y ~ normal(linear(b, 3) + linear(a, 3))\n";
      model.graph = parse_graph(model.text, "model");
      model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, model.graph->outputs()[0]});
      compare<float>(model);
      compare<double>(model);
    }
}

TEST_CASE("the random graphs are as varied as these tests rely on") {
  std::uint32_t deepest = 0;
  std::size_t shared = 0, categorical = 0, free_leaves = 0, held_hidden = 0, several_outputs = 0, precise = 0;
  std::size_t bernoulli = 0, inferred = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const RandomModel model = random_model(seed);
    const Graph& graph = *model.graph;
    several_outputs += graph.outputs().size() > 1 ? 1 : 0;
    for (VertexId id = 0; id < graph.size(); ++id) {
      const Vertex& vertex = graph[id];
      const bool held = (*model.clamped)[id] != 0;
      const bool computed = vertex.kind == VertexKind::computed;
      deepest = std::max(deepest, vertex.depth);
      shared += vertex.kind == VertexKind::parameter && vertex.children.size() > 1 ? 1 : 0;
      categorical += computed && vertex.energy->name() == "categorical" ? 1 : 0;
      bernoulli += computed && vertex.energy->name() == "bernoulli" ? 1 : 0;
      inferred += vertex.precision_kind == PrecisionKind::inferred ? 1 : 0;
      free_leaves += computed && vertex.childless() && !held ? 1 : 0;
      held_hidden += computed && !vertex.childless() && held ? 1 : 0;
      precise += computed && vertex.precision != 1 ? 1 : 0;
    }
  }
  CHECK(deepest >= 8);
  CHECK(shared >= 20);
  CHECK(categorical >= 20);
  CHECK(bernoulli >= 10);
  CHECK(inferred >= 20);
  CHECK(free_leaves >= 20);
  CHECK(held_hidden >= 10);
  CHECK(several_outputs >= 30);
  CHECK(precise >= 50);
}

TEST_CASE("under gather at rate 1 every vertex that takes part acts exactly once, as in backprop") {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.rule = fixed_prediction<double>(1);
    settings.source = &data;
    const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
    const Trial trial = model.trial(LearnMode::none);
    const TrialReport<double> report = run_trial(*caf, trial);
    const std::vector<std::uint64_t> acts = caf->acts();
    std::uint64_t sum = 0;
    CAPTURE(model.text);
    for (VertexId id = 0; id < acts.size(); ++id) {
      CAPTURE((*model.graph)[id].name);
      CHECK(acts[id] == (NodeCore<double>::participates(*model.graph, id, Phase::relax, trial, settings) ? 1 : 0));
      sum += acts[id];
    }
    CHECK(report.acts == sum);
  }
}
