#include "graph/families/family.hpp"

#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"

using namespace settle;

TEST_CASE("an mlp is written as the text a person would write") {
  CHECK(family_source("mlp", {.layers = {784, 300, 100, 10}}) ==
        "# mlp 784-300-100-10, tanh\n"
        "x  ~ input(784)\n"
        "h1 ~ normal(tanh(linear(x, 300)))\n"
        "h2 ~ normal(tanh(linear(h1, 100)))\n"
        "y  ~ categorical(linear(h2, 10))\n");
}

TEST_CASE("an mlp takes another activation, a gaussian output and samples that are not flat") {
  CHECK(family_source("mlp", {.layers = {6, 4, 1}, .activation = "relu", .output = "normal", .sample = {2, 3}}) ==
        "# mlp 6-4-1, relu\n"
        "x  ~ input(2, 3)\n"
        "h1 ~ normal(relu(linear(flatten(x), 4)))\n"
        "y  ~ normal(linear(h1, 1))\n");
  CHECK(family_source("mlp", {.layers = {3, 2}}) ==
        "# mlp 3-2, tanh\n"
        "x ~ input(3)\n"
        "y ~ categorical(linear(x, 2))\n");
}

TEST_CASE("an mlp's text parses to the layers asked for, also with ten of them") {
  FamilyOptions options;
  for (std::int64_t units = 20; units > 8; --units) options.layers.push_back(units);
  const GraphPtr graph = parse_graph(family_source("mlp", options), "mlp");
  REQUIRE(graph->size() == options.layers.size());
  for (std::size_t i = 0; i < options.layers.size(); ++i)
    CHECK((*graph)[static_cast<VertexId>(i)].shape == Shape{Shape::kBatch, options.layers[i]});
  CHECK(graph->find("h10").has_value());
}

TEST_CASE("impossible options of a family are refused by name, with what they may be") {
  CHECK_THROWS_WITH_AS(family_source("mpl", {.layers = {3, 2}}),
                       "family = mpl: there is no such model family, did you mean 'mlp'?", BadConfig);
  CHECK_THROWS_WITH_AS(family_source("transformer", {.layers = {3, 2}}),
                       "family = transformer: there is no such model family; the families are: mlp", BadConfig);
  CHECK_THROWS_WITH_AS(family_source("mlp", {.layers = {3}}),
                       "layers = 3: an mlp has at least an input and an output, as in layers = 784,10", BadConfig);
  CHECK_THROWS_WITH_AS(family_source("mlp", {.layers = {3, 0, 2}}), "layers = 3,0,2: a layer has at least 1 unit",
                       BadConfig);
  CHECK_THROWS_WITH_AS(family_source("mlp", {.layers = {3, 2}, .activation = "tahn"}),
                       "activation = tahn: there is no such function of one argument, did you mean 'tanh'?", BadConfig);
  CHECK_THROWS_WITH_AS(family_source("mlp", {.layers = {3, 2}, .activation = "linear"}),
                       "activation = linear: there is no such function of one argument; take tanh, relu or sigmoid",
                       BadConfig);
  CHECK_THROWS_WITH_AS(family_source("mlp", {.layers = {3, 2}, .output = "softmax"}),
                       "output = softmax: it is categorical, normal or bernoulli", BadConfig);
  CHECK_THROWS_WITH_AS(
      family_source("mlp", {.layers = {700, 10}, .sample = {28, 28}}),
      "layers = 700,10: a sample of the data has 28 x 28 = 784 elements, so the first layer must be 784", BadConfig);
}
