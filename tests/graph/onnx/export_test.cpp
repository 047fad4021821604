// What is exported computes the same when it is read again, operator by operator and as a whole.
#include <doctest/doctest.h>

#include "graph/builder.hpp"
#include "graph/error.hpp"
#include "graph/language/language.hpp"
#include "graph/onnx/exporter.hpp"
#include "graph/onnx/importer.hpp"
#include "graph/onnx/reader.hpp"
#include "graph/onnx/writer.hpp"
#include "graph/ops/list.hpp"
#include "graph/reference.hpp"
#include "tests/support/distance.hpp"

using namespace settle;

namespace {

// Clamps a graph's inputs to tensors by name.
class Given final : public ClampSource<double> {
 public:
  Given(const Graph& graph, std::map<std::string, Tensor<double>> tensors)
      : graph_(graph), tensors_(std::move(tensors)) {}
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    std::ranges::copy(tensors_.at(graph_[vertex].name).flat(), out.data());
  }

 private:
  const Graph& graph_;
  std::map<std::string, Tensor<double>> tensors_;
};

// What the outputs are predicted with.
std::vector<Tensor<double>> predictions(const GraphPtr& graph, const std::map<std::string, Tensor<double>>& inputs,
                                        std::size_t batch) {
  Reference<double> reference(graph, 7, {});
  Trial trial;
  trial.samples.resize(batch);
  trial.clamped = clamp_set(*graph, graph->inputs());
  reference.predict(trial, Given(*graph, inputs));
  std::vector<Tensor<double>> result;
  for (const VertexId id : graph->outputs()) result.push_back(reference.node(id).prediction().copy());
  return result;
}

onnx::Model exported(const Graph& graph, onnx::ElementType type = onnx::ElementType::float64) {
  const onnx::ExportOptions options{type, [](const ParameterSpec& spec) { return initial_values(spec, 7); }};
  const std::string bytes = onnx::write_model(onnx::export_model(graph, options), "test");
  return onnx::parse_model(std::as_bytes(std::span(bytes)), "exported");
}

double relative_distance(const Tensor<double>& a, const Tensor<double>& b) {
  test::Distance distance;
  distance.add(a.flat(), b.flat());
  return distance.relative();
}

struct OperatorGraph {
  GraphPtr graph;
  std::map<std::string, Tensor<double>> inputs;

  explicit OperatorGraph(const GradientCase& gradient_case) {
    GraphBuilder builder;
    std::vector<ExpressionPtr> operands;
    for (const Tensor<double>& input : gradient_case.inputs) {
      const std::string name = "x" + std::to_string(operands.size());
      operands.push_back(builder.use(builder.fixed_input(name, input.shape())));
      inputs.emplace(name, input);
    }
    builder.normal("y", apply(gradient_case.op, std::move(operands)));
    graph = builder.build();
  }
};

}  // namespace

TEST_CASE("every operator that ONNX has words for computes the same after export and import") {
  std::string refused;
  for (const OperatorFamily& family : operator_families())
    for (const GradientCase& gradient_case : family.gradient_cases) {
      CAPTURE(gradient_case.name);
      const OperatorGraph before(gradient_case);
      onnx::ImportOptions options;
      options.inputs = before.inputs;
      onnx::Model model;
      try {
        model = exported(*before.graph);
      } catch (const BadConfig&) {
        refused += gradient_case.name + "\n";
        continue;
      }
      const onnx::Imported after = onnx::import_model(model, options);
      REQUIRE(after.graph);
      const auto expected = predictions(before.graph, before.inputs, 1);
      const auto actual = predictions(after.graph, before.inputs, 1);
      REQUIRE(actual.size() == 1);
      CHECK(actual[0].shape() == expected[0].shape());
      // Attributes of ONNX are float32, whatever the model's own type.
      CHECK(relative_distance(actual[0], expected[0]) < 1e-7);
    }
  CHECK(refused == "gather by each sample's own indices\nlocal_response_norm of all\n");
}

namespace {

constexpr const char* kModel =
    "x ~ input(2, 6, 6)\n"
    "scale ~ parameter(4, init=0.5)\n"
    "c ~ normal(relu(conv(x, 3, 3, pad=same)))\n"
    "p ~ normal(max_pool(c, 2), precision=2)\n"
    "s ~ parameter(4, init=0.1)\n"
    "h ~ normal(scale * tanh(linear(flatten(p), 4)) + 0.25)\n"
    "z ~ normal(scale + h ^ 2, precision=exp(s + h))\n"
    "k ~ categorical(linear(h, 3))\n"
    "b ~ bernoulli(k + linear(z, 3))\n"
    "y ~ categorical(linear(concat(h, b), 3))\n";

std::map<std::string, Tensor<double>> samples(std::int64_t batch) {
  Tensor<double> x(Shape{batch, 2, 6, 6});
  for (std::int64_t i = 0; i < x.size(); ++i) x.data()[i] = std::sin(static_cast<double>(i));
  return {{"x", x}};
}

}  // namespace

TEST_CASE("an exported model takes any batch and keeps its parameters and their names") {
  const GraphPtr graph = parse_graph(kModel, "model.graph");
  const onnx::Model model = exported(*graph);
  CHECK(model.opsets.at("") == 17);
  REQUIRE(model.inputs.size() == 1);
  CHECK_FALSE((*model.inputs[0].shape)[0].extent);
  std::map<std::string, const onnx::Literal*> literals;
  for (const onnx::Literal& literal : model.initialisers) literals[literal.name] = &literal;
  std::size_t parameters = 0;
  for (const Vertex& vertex : graph->vertices())
    for (const ParameterSpec& spec : vertex.parameters) {
      CAPTURE(spec.name);
      ++parameters;
      REQUIRE(literals.contains(spec.name));
      CHECK(std::ranges::equal(literals[spec.name]->values->flat(), initial_values(spec, 7).flat()));
    }
  CHECK(literals.size() == parameters);
  for (const std::int64_t batch : {1, 3}) {
    onnx::ImportOptions options;
    options.inputs = samples(batch);
    options.output_energy = categorical();
    const onnx::Imported imported = onnx::import_model(model, options);
    const auto expected = predictions(graph, samples(batch), static_cast<std::size_t>(batch));
    const auto actual = predictions(imported.graph, samples(batch), 1);
    REQUIRE(actual.size() == 1);
    CHECK(relative_distance(actual[0], expected[0]) < 1e-14);
    CHECK(imported.graph->find("scale"));  // two vertices use it
  }
}

TEST_CASE("a float32 export rounds parameters and constants once and nothing else") {
  const GraphPtr graph = parse_graph(kModel, "model.graph");
  const onnx::Model model = exported(*graph, onnx::ElementType::float32);
  for (const onnx::Literal& literal : model.initialisers) {
    CHECK(literal.type == onnx::ElementType::float32);
    for (const double value : literal.values->flat()) CHECK(value == static_cast<double>(static_cast<float>(value)));
  }
}

TEST_CASE("a model with a cycle is not exported, and the cycle is named") {
  GraphBuilder builder;
  const VertexId h = builder.declare("h", {2});
  const VertexId y = builder.normal("y", builder.use(h));
  builder.define_normal(h, builder.use(y));
  try {
    exported(*builder.build());
    FAIL("nothing was thrown");
  } catch (const BadConfig& error) {
    CHECK(std::string(error.what()).find("h -> y -> h") != std::string::npos);
  }
}
