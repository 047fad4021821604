#include "graph/onnx/exporter.hpp"

#include <unordered_set>

#include "graph/error.hpp"
#include "graph/topology.hpp"

namespace settle::onnx {
namespace {

constexpr std::int64_t kOperatorSet = 17;
constexpr std::int64_t kIrVersion = 8;

std::vector<Dimension> dimensions(const Shape& shape) {
  std::vector<Dimension> result;
  for (const std::int64_t extent : shape.extents())
    result.push_back(extent == Shape::kBatch ? Dimension{{}, "batch"} : Dimension{extent, ""});
  return result;
}

class Exporter final : public StandardWriter {
 public:
  Exporter(const Graph& graph, const ExportOptions& options) : graph_(graph), options_(options) {
    model_.origin = "exported model";
    model_.ir_version = kIrVersion;
    model_.opsets[""] = kOperatorSet;
    for (const Vertex& vertex : graph.vertices()) {
      names_.insert(vertex.name);
      for (const ParameterSpec& spec : vertex.parameters) names_.insert(spec.name);
    }
  }

  Model run() {
    if (!graph_.acyclic())
      throw BadConfig("the model has a cycle, " + to_string(graph_, graph_.cycles().front()) +
                      ", and an ONNX model cannot have one");
    for (const Vertex& vertex : graph_.vertices()) {
      if (vertex.kind == VertexKind::input)
        model_.inputs.push_back({vertex.name, options_.type, dimensions(vertex.shape)});
      for (const ParameterSpec& spec : vertex.parameters) add_initialiser(spec);
      if (vertex.kind == VertexKind::computed) add_vertex(vertex);
    }
    for (const VertexId id : graph_.outputs())
      model_.outputs.push_back({graph_[id].name, options_.type, dimensions(graph_[id].shape)});
    return std::move(model_);
  }

  std::string node(std::string_view op, const std::vector<std::string>& inputs,
                   const std::vector<StandardAttribute>& attributes) override {
    NodeSpec spec;
    spec.op = op;
    spec.name = fresh(op);
    spec.inputs = inputs;
    spec.outputs = {spec.name};
    for (const StandardAttribute& attribute : attributes)
      std::visit([&](const auto& value) { spec.attributes.emplace(attribute.name, value); }, attribute.value);
    model_.nodes.push_back(std::move(spec));
    return model_.nodes.back().outputs[0];
  }

  std::string integers(const std::vector<std::int64_t>& values) override {
    Tensor<double> tensor(Shape{static_cast<std::int64_t>(values.size())});
    std::ranges::transform(values, tensor.data(), [](std::int64_t value) { return static_cast<double>(value); });
    return constant(ElementType::int64, std::move(tensor));
  }
  std::string integer(std::int64_t value) override {
    const auto number = static_cast<double>(value);
    return constant(ElementType::int64, Tensor<double>(Shape{}, std::span(&number, 1)));
  }
  std::string tensor(const Tensor<double>& values) override { return constant(options_.type, values); }

 private:
  // An own parameter of several vertices' graph is claimed once by the builder, so no name comes twice.
  void add_initialiser(const ParameterSpec& spec) {
    model_.initialisers.push_back(
        {spec.name, options_.type, std::make_shared<const Tensor<double>>(options_.values(spec))});
  }

  void add_vertex(const Vertex& vertex) {
    vertex_ = vertex.name;
    std::vector<std::string> names;
    for (const Edge& parent : vertex.parents) names.push_back(graph_[parent.vertex].name);
    for (const ParameterSpec& spec : vertex.parameters) names.push_back(spec.name);
    try {
      const std::string location = standard_form(*vertex.program, std::move(names), *this);
      if (!vertex.childless()) vertex.energy->standard_prediction(*this, location);
    } catch (const BadConfig& error) {
      throw BadConfig("vertex '" + vertex.name + "' cannot be exported: " + error.what());
    }
    model_.nodes.back().outputs = {vertex.name};  // the last instruction's node: no instruction ends without one
  }

  // A node, not an initialiser: what a model was given as a constant is not to be trained when it is read again.
  std::string constant(ElementType type, Tensor<double> values) {
    NodeSpec spec;
    spec.op = "Constant";
    spec.name = fresh("Constant");
    spec.outputs = {spec.name};
    spec.attributes.emplace("value",
                            Literal{spec.name, type, std::make_shared<const Tensor<double>>(std::move(values))});
    model_.nodes.push_back(std::move(spec));
    return model_.nodes.back().outputs[0];
  }

  // "h1/Gemm", "h1/Gemm_2": no name that the graph or an earlier node has.
  std::string fresh(std::string_view op) {
    const std::string base = vertex_ + "/" + std::string(op);
    std::string name = base;
    for (int k = 2; !names_.insert(name).second; ++k) name = base + "_" + std::to_string(k);
    return name;
  }

  const Graph& graph_;
  const ExportOptions& options_;
  Model model_;
  std::unordered_set<std::string> names_;
  std::string vertex_;  // the one being written
};

}  // namespace

Model export_model(const Graph& graph, const ExportOptions& options) { return Exporter(graph, options).run(); }

}  // namespace settle::onnx
