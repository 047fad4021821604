// Purpose: small ONNX models made in memory, and what they compute. Caller: the tests of ONNX operators.
// Thread rule: values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "graph/onnx/importer.hpp"
#include "graph/reference.hpp"

namespace settle::test {

using Tensors = std::map<std::string, Tensor<double>>;

// One node whose inputs are graph inputs or, where `weights` has them, initialisers; an empty name is an input left
// out.
inline onnx::Model model_of_node(const onnx::NodeSpec& node, std::int64_t opset, const Tensors& inputs,
                                 const Tensors& weights) {
  onnx::Model model;
  model.origin = "model";
  model.opsets[""] = opset;
  model.nodes = {node};
  for (const auto& [name, values] : weights)
    model.initialisers.push_back({name, onnx::ElementType::float32, std::make_shared<const Tensor<double>>(values)});
  for (const auto& [name, values] : inputs) {
    std::vector<onnx::Dimension> extents;
    for (const std::int64_t extent : values.shape().extents()) extents.push_back({extent, ""});
    model.inputs.push_back({name, onnx::ElementType::float32, extents});
  }
  for (const std::string& name : node.outputs)
    if (!name.empty()) model.outputs.push_back({name, onnx::ElementType::float32, std::nullopt});
  return model;
}

// Data of a graph's inputs by name; what else is clamped is held to 0.
class NamedData final : public ClampSource<double> {
 public:
  NamedData(GraphPtr graph, Tensors tensors) : graph_(std::move(graph)), tensors_(std::move(tensors)) {}

  void read(VertexId id, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    const auto found = tensors_.find((*graph_)[id].name);
    if (found == tensors_.end())
      out.fill(0);
    else
      std::ranges::copy(found->second.flat(), out.data());
  }

 private:
  GraphPtr graph_;
  Tensors tensors_;
};

// One trial on the reference with inputs and outputs clamped.
struct ImportedRun {
  onnx::Imported imported;
  NamedData data;
  Trial trial;
  Reference<double> reference;

  ImportedRun(onnx::Imported model, const Tensors& inputs)
      : imported(std::move(model)), data(imported.graph, inputs), reference(imported.graph, 0, {}) {
    const Graph& graph = *imported.graph;
    std::vector<VertexId> clamped(graph.inputs().begin(), graph.inputs().end());
    clamped.insert(clamped.end(), graph.outputs().begin(), graph.outputs().end());
    trial.samples = {0};
    trial.clamped = clamp_set(graph, clamped);
  }

  double loss() { return reference.predict(trial, data); }

  std::vector<double> output(const std::string& name) {
    for (const onnx::ImportedOutput& output : imported.outputs)
      if (output.name == name) {
        const auto values = reference.node(output.vertex.value()).prediction()->flat();
        return {values.begin(), values.end()};
      }
    return {};
  }
};

}  // namespace settle::test
