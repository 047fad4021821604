#include "graph/tiling.hpp"

#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/reference.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/random_graph.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// `h` and `g` say how these are tiled.
std::string model_text(const std::string& h, const std::string& g) {
  return "x ~ input(6)\n"
         "h ~ normal(tanh(linear(x, 7))" +
         h +
         ")\n"
         "g ~ normal(0.5 * relu(linear(h, 5)) - sin(linear(x, 5, bias=0)), precision=exp(linear(x, 5))" +
         g +
         ")\n"
         "k ~ normal(g * tanh(linear(h, 5))" +
         g +
         ")\n"
         "s ~ normal(softmax(h))\n"
         "y ~ categorical(linear(k, 3) + linear(s, 3))\n";
}

// A parameter of the whole from those of its tiles, of(name): their rows, one after the other.
template <class Of>
Tensor<double> joined(const Graph& tiled, const ParameterSpec& spec, Of of) {
  const std::size_t dot = spec.name.find('.');
  const std::string vertex = spec.name.substr(0, dot);
  if (tiled.find(vertex)) return of(spec.name);
  std::vector<double> values;
  for (int k = 0; tiled.find(vertex + "{" + std::to_string(k) + "}"); ++k) {
    const Tensor<double> part = of(vertex + "{" + std::to_string(k) + "}" + spec.name.substr(dot));
    values.insert(values.end(), part.flat().begin(), part.flat().end());
  }
  return Tensor<double>(spec.shape, values);
}

struct Run {
  Run(const GraphPtr& model, const OptimizerSettings& sgd) : graph(model), reference(model, 1, sgd) {}

  Node<double>& owner(const std::string& parameter) {
    return reference.node(graph->find(parameter.substr(0, parameter.find('.'))).value());
  }
  std::size_t position(const std::string& parameter) {
    const Node<double>& node = owner(parameter);
    std::size_t k = 0;
    while (node.parameter_spec(k).name != parameter) ++k;
    return k;
  }
  void backprop(const Trial& shape, const ClampSource<double>& data) {
    Trial trial = shape;
    std::vector<VertexId> ids(graph->inputs().begin(), graph->inputs().end());
    ids.push_back(graph->find("y").value());
    trial.clamped = clamp_set(*graph, ids);
    reference.predict(trial, data);
    reference.backprop();
  }

  GraphPtr graph;
  Reference<double> reference;
};

}  // namespace

TEST_CASE("a tiled graph has the gradients of the whole one, for the same parameters, to rounding") {
  const OptimizerSettings sgd;
  Trial trial;
  trial.samples = {0, 1, 2, 3};
  const GraphPtr whole_graph = parse_graph(model_text("", ""), "whole.graph");
  const RandomData<double> whole_data(whole_graph, 3);
  for (const auto& tiles : {std::pair(2, 2), std::pair(3, 5), std::pair(7, 1), std::pair(1, 4), std::pair(7, 5)}) {
    const int h = tiles.first;
    const int g = tiles.second;
    CAPTURE(h);
    CAPTURE(g);
    Run whole(whole_graph, sgd);
    Run tiled(parse_graph(model_text(", tile=" + std::to_string(h), ", tile=" + std::to_string(g)), "tiled.graph"),
              sgd);
    const RandomData<double> data(tiled.graph, 3);
    const auto tile_parameter = [&](const std::string& name) {
      return tiled.owner(name).parameter(tiled.position(name));
    };
    for (VertexId id = 0; id < whole.graph->size(); ++id)
      for (std::size_t k = 0; k < whole.reference.node(id).parameter_count(); ++k) {
        const ParameterSpec& spec = whole.reference.node(id).parameter_spec(k);
        const Tensor<double> values = joined(*tiled.graph, spec, tile_parameter);
        whole.reference.node(id).set_parameter(k, values.view());
      }
    whole.backprop(trial, whole_data);
    tiled.backprop(trial, data);
    Distance distance;
    for (VertexId id = 0; id < whole.graph->size(); ++id) {
      if (whole.reference.node(id).parameter_count() == 0) continue;
      const std::vector<Tensor<double>> gradients = whole.reference.node(id).read_out();
      for (std::size_t k = 0; k < gradients.size(); ++k) {
        const Tensor<double> rows =
            joined(*tiled.graph, whole.reference.node(id).parameter_spec(k),
                   [&](const std::string& name) { return tiled.owner(name).read_out()[tiled.position(name)]; });
        distance.add(rows.flat(), std::span<const double>(gradients[k].flat()));
      }
    }
    CHECK(distance.relative() < 1e-12);
  }
}

TEST_CASE("tiles are vertices NAME{k} of as many units, one more or less, with rows of the parameters") {
  const GraphPtr graph =
      parse_graph("x ~ input(4)\nh ~ normal(tanh(linear(x, 7)), tile=3)\ny ~ normal(linear(h, 2))", "m");
  REQUIRE(graph->size() == 5);
  const std::int64_t units[] = {2, 2, 3};
  for (VertexId k = 0; k < 3; ++k) {
    const Vertex& tile = (*graph)[1 + k];
    CHECK(tile.name == "h{" + std::to_string(k) + "}");
    CHECK(tile.shape == Shape{Shape::kBatch, units[k]});
    REQUIRE(tile.parameters.size() == 2);
    CHECK(tile.parameters[0].name == tile.name + ".weight");
    CHECK(tile.parameters[0].shape == Shape{units[k], 4});
    CHECK(tile.parameters[1].name == tile.name + ".bias");
    CHECK(tile.parameters[1].shape == Shape{units[k]});
  }
}

TEST_CASE("linear takes tiles in place, an elementwise function takes each its own tile, others a joined copy") {
  const GraphPtr graph = parse_graph(
      "x ~ input(4)\nh ~ normal(linear(x, 6), tile=3)\ng ~ normal(tanh(h), tile=3)\nm ~ normal(sin(h), tile=2)\n"
      "y ~ normal(linear(g, 2) + linear(m, 2))\nz ~ normal(softmax(h))",
      "m");
  const auto names = [&](const char* vertex) {
    std::vector<std::string> list;
    for (const Instruction& instruction : (*graph)[graph->find(vertex).value()].program->instructions)
      list.emplace_back(instruction.op->name());
    return list;
  };
  CHECK(names("g{1}") == std::vector<std::string>{"tanh"});
  CHECK((*graph)[graph->find("g{1}").value()].parents.size() == 1);
  CHECK(names("m{0}") == std::vector<std::string>{"concat", "slice", "sin"});  // its units lie across tiles of h
  CHECK(names("y") == std::vector<std::string>{"linear", "linear", "add"});
  CHECK((*graph)[graph->find("y").value()].parents.size() == 5);
  CHECK(names("z") == std::vector<std::string>{"concat", "softmax"});
}

TEST_CASE("vertices that compute alike share one program") {
  const GraphPtr graph =
      parse_graph("x ~ input(4)\nh ~ normal(tanh(linear(x, 6)), tile=6)\ny ~ normal(linear(h, 2))", "m");
  for (VertexId k = 2; k <= 6; ++k) CHECK((*graph)[k].program == (*graph)[1].program);
  CHECK((*graph)[7].program != (*graph)[1].program);
}

TEST_CASE("what cannot be tiled is refused with the reason") {
  const auto refused = [](const std::string& line, const std::string& reason) {
    CAPTURE(line);
    try {
      parse_graph("x ~ input(4)\n" + line, "m");
      FAIL("it was taken");
    } catch (const BadConfig& error) {
      CAPTURE(std::string(error.what()));
      CHECK(std::string(error.what()).find(reason) != std::string::npos);
    }
  };
  refused("y ~ normal(x, tile=0)", "tile is a whole number of at least 1");
  refused("y ~ normal(x, tile=1.5)", "tile is a whole number of at least 1");
  refused("y ~ normal(x, tile=5)", "vertex 'y' has 4 units along its last axis: it has 1 to 4 tiles, not 5");
  refused("y ~ categorical(x, tile=2)", "'categorical' has no argument 'tile'");
  refused("y ~ normal(sum(linear(x, 3) * reshape(linear(x, 3), 3), axis=0), tile=2)", "it has 1 to 1 tiles, not 2");
  refused("y ~ normal(softmax(linear(x, 3)), tile=3)",
          "vertex 'y' cannot be split into tiles: 'softmax' has parameters that do not belong to single units");
}
