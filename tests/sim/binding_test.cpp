#include "sim/session/binding.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"
#include "tests/sim/session_parts.hpp"

namespace settle {
namespace {

constexpr const char* kModel = "x ~ input(2)\nh ~ normal(tanh(linear(x, 3)))\ny ~ normal(linear(h, 1))\n";

std::string bound(const std::string& model, const std::string& rows) {
  return thrown_by([&] { bind(*parse_graph(model, "model.graph"), table_of(rows).train); });
}

}  // namespace

TEST_CASE("columns clamp inputs and outputs, and nothing else") {
  const Bench<double> bench(kModel, "1 2 : 3 ; 4 5 : 6");
  CHECK(bench.binding.inputs == std::vector<VertexId>{bench.graph->inputs()[0]});
  CHECK(bench.binding.targets == std::vector<VertexId>{bench.graph->outputs()[0]});
  for (const Vertex& vertex : bench.graph->vertices()) {
    const auto id = static_cast<VertexId>(&vertex - bench.graph->vertices().data());
    CHECK(static_cast<bool>((*bench.binding.clamped)[id]) == (vertex.name != "h"));
  }
}

TEST_CASE("a clamped vertex reads the asked samples of its column, whatever their order") {
  const Bench<float> bench(kModel, "1 2 : 3 ; 4 5 : 6 ; 7 8 : 9");
  const std::vector<std::uint32_t> samples{2, 0};
  Tensor<float> x(Shape{2, 2}), y(Shape{2, 1});
  bench.source.read(bench.binding.inputs[0], samples, x);
  bench.source.read(bench.binding.targets[0], samples, y);
  CHECK(std::vector<float>(x.flat().begin(), x.flat().end()) == std::vector<float>{7, 8, 1, 2});
  CHECK(std::vector<float>(y.flat().begin(), y.flat().end()) == std::vector<float>{9, 3});
}

TEST_CASE("samples of another size than the input's or output's are a bad config that names vertex, sizes and remedy") {
  CHECK(bound(kModel, "1 2 : 3") == "nothing");
  const std::string input = bound(kModel, "1 2 3 : 3");
  CHECK(input.starts_with("78: input 'x' has shape "));
  CHECK(input.find("the dataset gives samples of shape [3]") != std::string::npos);
  CHECK(input.ends_with("change the model's input to as many numbers"));
  CHECK(bound(kModel, "1 2 : 3 4").starts_with("78: output 'y' has shape "));
}

TEST_CASE("a model with more inputs or outputs than the dataset has columns is a bad config that names them") {
  CHECK(bound("a ~ input(1)\nb ~ input(1)\ny ~ normal(linear(a + b, 1))\n", "1 : 2") ==
        "78: the model has 2 inputs (a, b), the dataset gives 1: they are matched in order");
  CHECK(bound("x ~ input(1)\ny ~ normal(linear(x, 1))\nz ~ normal(linear(x, 1))\n", "1 : 2") ==
        "78: the model has 2 outputs (y, z), the dataset gives 1: they are matched in order");
}

}  // namespace settle
