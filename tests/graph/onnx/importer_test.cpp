// What becomes a vertex, a parameter or a constant, under which name, and what is refused.
#include <doctest/doctest.h>

#include <cmath>

#include "graph/onnx/error.hpp"
#include "graph/onnx/importer.hpp"
#include "graph/reference.hpp"
#include "tests/support/onnx_builder.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using onnx::Granularity;

onnx::Imported import(const OnnxBuilder& builder, Granularity granularity = Granularity::op) {
  onnx::ImportOptions options;
  options.granularity = granularity;
  return onnx::import_model(builder.model, options);
}

std::vector<std::string> names_of(const Graph& graph) {
  std::vector<std::string> names;
  for (const Vertex& vertex : graph.vertices()) names.push_back(vertex.name);
  return names;
}

std::vector<std::string> parameters_of(const Graph& graph, const std::string& vertex) {
  std::vector<std::string> names;
  for (const ParameterSpec& spec : graph[graph.find(vertex).value()].parameters) names.push_back(spec.name);
  return names;
}

// The message of what an import throws, which has to be of that type.
template <class Thrown>
std::string refusal(const OnnxBuilder& builder, const onnx::ImportOptions& options = {}) {
  try {
    onnx::import_model(builder.model, options);
  } catch (const Thrown& error) {
    return error.what();
  }
  FAIL("nothing was refused");
  return {};
}

class Ones final : public ClampSource<double> {
 public:
  void read(VertexId, std::span<const std::uint32_t>, Tensor<double>& out) const override { out.fill(1); }
};

// Every output for inputs of ones.
std::vector<Tensor<double>> forward(const onnx::Imported& imported) {
  Reference<double> reference(imported.graph, 0, {});
  Trial trial;
  trial.samples.resize(1);
  trial.clamped = clamp_set(*imported.graph, imported.graph->inputs());
  trial.learn = LearnMode::none;
  reference.predict(trial, Ones());
  std::vector<Tensor<double>> results;
  for (const onnx::ImportedOutput& output : imported.outputs)
    results.push_back(output.vertex ? reference.node(*output.vertex).prediction().copy() : output.constant);
  return results;
}

std::vector<double> list_of(const Tensor<double>& tensor) { return {tensor.flat().begin(), tensor.flat().end()}; }

using Names = std::vector<std::string>;
using Numbers = std::vector<double>;

// x -> Gemm(W, b) -> Tanh -> y
OnnxBuilder layer() {
  return OnnxBuilder()
      .input(tensor("x", {2, 3}))
      .initialiser(floats("W", {3, 4}))
      .initialiser(floats("b", {4}))
      .node("Gemm", {"x", "W", "b"}, {"z"})
      .node("Tanh", {"z"}, {"y"})
      .output("y");
}

}  // namespace

TEST_CASE("an initialiser that one vertex uses is that vertex's own, under its ONNX name and with the file's values") {
  const onnx::Imported imported = import(layer());
  const Graph& graph = *imported.graph;
  CHECK(names_of(graph) == Names{"x", "z", "y"});
  CHECK(parameters_of(graph, "z") == Names{"W", "b"});
  CHECK(initial_values(graph[1].parameters[1], 7).flat()[3] == 1.25);
  CHECK(graph[0].shape == Shape{2, 3});
}

TEST_CASE("at granularity layer, what only one unary elementwise node uses is computed within that node's vertex") {
  CHECK(names_of(*import(layer(), Granularity::layer).graph) == Names{"x", "y"});
  SUBCASE("but not where it is an output, and then each role has a vertex") {
    const onnx::Imported imported = import(layer().output("z"), Granularity::layer);
    CHECK(names_of(*imported.graph) == Names{"x", "z (inner)", "y", "z"});
    CHECK(imported.graph->outputs().size() == 2);
    const auto results = forward(imported);
    CHECK(std::tanh(results[1].flat()[0]) == doctest::Approx(results[0].flat()[0]));
  }
  SUBCASE("but not where a second node uses it") {
    const onnx::Imported imported = import(layer().node("Exp", {"z"}, {"e"}).output("e"), Granularity::layer);
    CHECK(names_of(*imported.graph) == Names{"x", "z", "y", "e"});
  }
  SUBCASE("over a chain of them") {
    OnnxBuilder model = layer();
    model.model.outputs.clear();
    model.node("Neg", {"y"}, {"n"}).node("Exp", {"n"}, {"e"}).output("e");
    CHECK(names_of(*import(model, Granularity::layer).graph) == Names{"x", "e"});
  }
}

TEST_CASE(
    "an initialiser that several vertices use is a parameter vertex, also where they reach it through other nodes") {
  const OnnxBuilder model = OnnxBuilder()
                                .input(tensor("x", {2, 3}))
                                .initialiser(floats("W", {3, 3}))
                                .node("Transpose", {"W"}, {"Wt"})
                                .node("MatMul", {"x", "W"}, {"h"})
                                .node("MatMul", {"h", "Wt"}, {"y"})
                                .output("y");
  const onnx::Imported imported = import(model);
  CHECK(names_of(*imported.graph) == Names{"x", "W", "h", "y"});
  CHECK((*imported.graph)[1].kind == VertexKind::parameter);
  SUBCASE("at granularity all, what depends on parameters only is a vertex too") {
    CHECK(names_of(*import(model, Granularity::all).graph) == Names{"x", "W", "Wt", "h", "y"});
  }
}

TEST_CASE("statistics of BatchNormalization are constants, its scale and bias are trained") {
  const onnx::Imported imported =
      import(OnnxBuilder()
                 .input(tensor("x", {2, 3, 4}))
                 .initialiser(floats("scale", {3}))
                 .initialiser(floats("bias", {3}))
                 .initialiser(floats("mean", {3}))
                 .initialiser(floats("variance", {3}))
                 .node("BatchNormalization", {"x", "scale", "bias", "mean", "variance"}, {"y"})
                 .output("y"));
  CHECK(parameters_of(*imported.graph, "y") == Names{"scale", "bias"});
}

TEST_CASE("shapes worked out in the model are constants: no vertex, and right") {
  const onnx::Imported imported =
      import(OnnxBuilder()
                 .input(tensor("x", {2, 6}))
                 .initialiser(integers("three", {3}))
                 .initialiser(integers("first", {0}))
                 .initialiser(integers("second", {1}))
                 .node("Shape", {"x"}, {"s"})
                 .node("Slice", {"s", "first", "second"}, {"rows"})
                 .node("Mul", {"rows", "three"}, {"more"})
                 .node("Div", {"more", "rows"}, {"back"})
                 .node("Concat", {"back", "rows", "rows"}, {"extents"}, {{"axis", std::int64_t{0}}})
                 .node("Reshape", {"x", "extents"}, {"y"})
                 .output("y")
                 .output("extents"));
  CHECK(names_of(*imported.graph) == Names{"x", "y"});
  CHECK((*imported.graph)[1].shape == Shape{3, 2, 2});
  CHECK(!imported.outputs[1].vertex);
  CHECK(imported.outputs[1].type == onnx::ElementType::int64);
  CHECK(list_of(imported.outputs[1].constant) == Numbers{3, 2, 2});
}

TEST_CASE("a float initialiser that only decides a shape is no parameter") {
  const onnx::Imported imported = import(OnnxBuilder()
                                             .input(tensor("x", {2, 6}))
                                             .initialiser(floats("extents", {2}, 3.75))
                                             .node("Cast", {"extents"}, {"whole"}, {{"to", std::int64_t{7}}})
                                             .node("Reshape", {"x", "whole"}, {"y"})
                                             .output("y"));
  CHECK((*imported.graph)[1].shape == Shape{3, 4});
  CHECK(imported.graph->parameter_count() == 0);
}

TEST_CASE("outputs that are inputs, initialisers, constants or the same tensor have values of their own") {
  const onnx::Imported imported = import(OnnxBuilder()
                                             .input(tensor("x", {2}))
                                             .initialiser(floats("W", {2}))
                                             .initialiser(integers("n", {4, 5}))
                                             .node("Neg", {"x"}, {"y"})
                                             .output("x")
                                             .output("W")
                                             .output("n")
                                             .output("y"));
  const auto results = forward(imported);
  CHECK(list_of(results[0]) == Numbers{1, 1});
  CHECK(list_of(results[1]) == Numbers{0.5, 0.75});
  CHECK(list_of(results[2]) == Numbers{4, 5});
  CHECK(list_of(results[3]) == Numbers{-1, -1});
  CHECK((*imported.graph)[*imported.outputs[0].vertex].name == "x (output)");
}

TEST_CASE("a model of constants only has outputs but no graph") {
  const onnx::Imported imported =
      import(OnnxBuilder().initialiser(integers("n", {4, 5})).node("Add", {"n", "n"}, {"y"}).output("y"));
  CHECK(!imported.graph);
  CHECK(list_of(imported.outputs[0].constant) == Numbers{8, 10});
}

TEST_CASE("an integer input that decides a shape becomes a constant from its data, and is refused without") {
  const OnnxBuilder model = OnnxBuilder()
                                .input(tensor("x", {2, 3}))
                                .input(tensor("shape", {1}, onnx::ElementType::int64))
                                .node("Reshape", {"x", "shape"}, {"y"})
                                .output("y");
  CHECK(
      refusal<onnx::Unsupported>(model) ==
      "test.onnx: the node that makes 'y' (Reshape, opset 13): input 1 ('shape') depends on the model's data; here it "
      "must be a constant, an initialiser or an input whose data are given");
  onnx::ImportOptions options;
  options.inputs["shape"] = *integers("", {6}).values;
  CHECK((*onnx::import_model(model.model, options).graph)[1].shape == Shape{6});
  options.inputs["shape"] = *integers("", {6, 1}).values;
  CHECK(refusal<BadData>(model, options) == "test.onnx: input 'shape' has shape [1], its data [2]");
}

TEST_CASE("token ids without data are a vertex of whole numbers that picks rows of an embedding") {
  const OnnxBuilder model = OnnxBuilder()
                                .input(tensor("ids", {-1, 3}, onnx::ElementType::int64))
                                .initialiser(floats("W", {7, 2}))
                                .node("Gather", {"W", "ids"}, {"y"})
                                .output("y");
  onnx::ImportOptions options;
  options.batch = 4;
  const GraphPtr graph = onnx::import_model(model.model, options).graph;
  REQUIRE(graph->size() == 2);
  CHECK((*graph)[0].kind == VertexKind::input);
  CHECK((*graph)[0].shape == Shape{4, 3});
  CHECK((*graph)[1].shape == Shape{4, 3, 2});
  CHECK((*graph)[1].parameters.at(0).name == "W");
}

TEST_CASE("an open extent is the data's, or for a first axis the batch") {
  OnnxBuilder model = OnnxBuilder().input(tensor("x", {-1, 3})).node("Neg", {"x"}, {"y"}).output("y");
  onnx::ImportOptions options;
  options.batch = 5;
  CHECK((*onnx::import_model(model.model, options).graph)[1].shape == Shape{5, 3});
  options.inputs["x"] = Tensor<double>(Shape{4, 3});
  CHECK((*onnx::import_model(model.model, options).graph)[1].shape == Shape{4, 3});
  model.model.inputs[0] = tensor("x", {2, -1});
  CHECK(refusal<BadConfig>(model) ==
        "test.onnx: input 'x': axis 1 has no fixed extent ('n'): give data, or save the model with fixed shapes");
  model.model.inputs[0].shape.reset();
  CHECK(refusal<BadConfig>(model) ==
        "test.onnx: input 'x': the model does not say its shape, and there are no data to take it from");
}

TEST_CASE("all nodes that are not supported are named at once, with operator, operator set and reason") {
  OnnxBuilder model = OnnxBuilder()
                          .input(tensor("x", {2}))
                          .node("Nonsense", {"x"}, {"a"})
                          .node("Neg", {"a"}, {"b"})
                          .node("Other", {"b"}, {"y"})
                          .output("y");
  model.model.nodes[2].name = "/head/Other";
  model.model.nodes[2].domain = "com.example";
  model.model.opsets["com.example"] = 3;
  CHECK(refusal<onnx::Unsupported>(model) ==
        "test.onnx: the node that makes 'a' (Nonsense, opset 13): this operator is not supported\n"
        "test.onnx: node '/head/Other' (com.example.Other, opset 3): this operator is not supported");
  SUBCASE("but a node that no output needs may be anything") {
    model.node("Neg", {"x"}, {"z"});
    model.model.outputs[0].name = "z";
    CHECK_NOTHROW(import(model));
  }
}

TEST_CASE("operator sets that are too new, or too old for a node, are refused") {
  CHECK(refusal<onnx::Unsupported>(layer().opset(18)).find("(Gemm, opset 18): operator sets 7 to 17") !=
        std::string::npos);
  CHECK(refusal<onnx::Unsupported>(layer().opset(6))
            .find("(Gemm, opset 6): this operator is supported from operator "
                  "set 7 on") != std::string::npos);
  OnnxBuilder none = layer();
  none.model.opsets.clear();
  CHECK(refusal<onnx::Unsupported>(none).find("of no operator set") != std::string::npos);
}

TEST_CASE("a node's mistake is told with its place: shapes, missing inputs, attributes of another kind") {
  const auto message = [](const OnnxBuilder& model) { return refusal<BadConfig>(model); };
  const auto starts = [](const std::string& text, const std::string& with) { return text.starts_with(with); };
  const OnnxBuilder base = OnnxBuilder().input(tensor("x", {2, 3})).output("y");
  CHECK(starts(message(OnnxBuilder(base).node("MatMul", {"x", "x"}, {"y"})),
               "test.onnx: the node that makes 'y' (MatMul, opset 13): matmul cannot multiply [2, 3] and [2, 3]"));
  CHECK(message(OnnxBuilder(base).node("Add", {"x"}, {"y"})) ==
        "test.onnx: the node that makes 'y' (Add, opset 13): it has 1 inputs, not 2");
  CHECK(message(OnnxBuilder(base).node("Softmax", {"x"}, {"y"}, {{"axis", std::string("1")}})) ==
        "test.onnx: the node that makes 'y' (Softmax, opset 13): attribute 'axis' must be an integer");
  CHECK(message(OnnxBuilder(base).node("Softmax", {"x"}, {"y"}, {{"axis", std::int64_t{2}}})) ==
        "test.onnx: the node that makes 'y' (Softmax, opset 13): axis 2 is not one of 2 axes");
  CHECK(starts(message(OnnxBuilder(base).node("Reshape", {"x", "x"}, {"y"})),
               "test.onnx: the node that makes 'y' (Reshape, opset 13): input 1 ('x') depends on the model's data"));
}

TEST_CASE("cycles, missing tensors and tensors defined twice are refused by name") {
  const OnnxBuilder base = OnnxBuilder().input(tensor("x", {2})).output("y");
  CHECK(refusal<BadConfig>(
            OnnxBuilder(base).node("Add", {"x", "b"}, {"a"}).node("Neg", {"a"}, {"b"}).node("Neg", {"b"}, {"y"})) ==
        "test.onnx: the node that makes 'a' (Add, opset 13) stands before the node that makes its input 'b': the graph "
        "has a cycle, or its nodes are not in order of computation");
  CHECK(refusal<BadConfig>(OnnxBuilder(base).node("Neg", {"y"}, {"y"})).find("has a cycle") != std::string::npos);
  CHECK(refusal<BadConfig>(OnnxBuilder(base).node("Add", {"x", "W"}, {"y"})) ==
        "test.onnx: the node that makes 'y' (Add, opset 13) uses tensor 'W', which is neither an initialiser, a graph "
        "input nor the output of a node");
  CHECK(refusal<BadConfig>(base).find("the list of outputs uses tensor 'y'") != std::string::npos);
  CHECK(refusal<BadConfig>(OnnxBuilder(base).node("Neg", {"x"}, {"y"}).node("Abs", {"x"}, {"y"}))
            .find("tensor 'y' is defined a second time") != std::string::npos);
  CHECK(refusal<BadConfig>(OnnxBuilder(base).node("Neg", {"x"}, {"x"})).find("tensor 'x' is defined a second time") !=
        std::string::npos);
  CHECK(refusal<BadConfig>(OnnxBuilder(base).initialiser(floats("W", {2})).initialiser(floats("W", {2}))) ==
        "test.onnx: there are two initialisers named 'W'");
  CHECK(refusal<BadConfig>(OnnxBuilder()) == "test.onnx: the graph has no outputs");
}

TEST_CASE("a few bytes cannot ask for any amount of memory, time or stack") {
  const OnnxBuilder base = OnnxBuilder().input(tensor("x", {1})).output("y");
  OnnxBuilder huge = OnnxBuilder(base).initialiser(integers("s", {40000, 40000})).node("ConstantOfShape", {"s"}, {"z"});
  CHECK(refusal<onnx::Unsupported>(huge.node("Add", {"x", "z"}, {"y"})).find("more than 1000000000 operations") !=
        std::string::npos);
  OnnxBuilder wide = OnnxBuilder(base).initialiser(integers("s", {8000, 8000})).node("ConstantOfShape", {"s"}, {"z"});
  CHECK(refusal<onnx::Unsupported>(wide.node("Add", {"x", "z"}, {"a"}).node("Add", {"a", "z"}, {"y"}))
            .find("67108864 more elements") != std::string::npos);
  OnnxBuilder counted = OnnxBuilder(base)
                            .initialiser(integers("first", {0}))
                            .initialiser(integers("end", {30000000}))
                            .initialiser(integers("step", {1}));
  CHECK(refusal<onnx::Unsupported>(counted.node("Range", {"first", "end", "step"}, {"y"}))
            .find("67108864 more elements") != std::string::npos);
  OnnxBuilder many = OnnxBuilder(base).initialiser(integers("s", {46340, 46340})).node("Expand", {"x", "s"}, {"a"});
  CHECK(refusal<onnx::Unsupported>(many.node("Neg", {"a"}, {"y"})).find("more than 2^31 elements") !=
        std::string::npos);
  CHECK(refusal<BadConfig>(
            OnnxBuilder(base).initialiser(integers("s", {100000, 100000})).node("Expand", {"x", "s"}, {"y"}))
            .find("2^31") != std::string::npos);
  OnnxBuilder deep = OnnxBuilder(base).initialiser(floats("w", {1}));
  std::string last = "w";
  for (int k = 0; k < 6000; ++k) {
    const std::string next = "t" + std::to_string(k);
    deep.node("Neg", {last}, {next});
    last = next;
  }
  CHECK(refusal<onnx::Unsupported>(deep.node("Add", {"x", last}, {"y"})).find("5000 operators would be nested") !=
        std::string::npos);
}
