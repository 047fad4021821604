// Purpose: a Graph as an ONNX model, operator set 17: what it computes when nothing is clamped but its inputs.
//   input vertex      a graph input, its batch axis open under the name "batch"
//   parameter         an initialiser under its own name
//   computed vertex   the nodes of its prediction, which is the tensor of its name
//   output vertex     a graph output; of a categorical or bernoulli vertex the logits, as PyTorch's losses take them
// Energies, precisions and tilings have no counterpart in ONNX and stay behind.
// Caller: `settle convert`. Thread rule: pure.
// Errors: BadConfig for a cyclic graph, naming a vertex on the cycle, and for an operator that ONNX has no words for,
// naming the vertex.
#pragma once

#include <functional>

#include "graph/graph.hpp"
#include "graph/onnx/model.hpp"

namespace settle::onnx {

struct ExportOptions {
  ElementType type = ElementType::float32;  // or float64
  // The values of a parameter. Requires: of its shape.
  std::function<Tensor<double>(const ParameterSpec&)> values;
};

Model export_model(const Graph& graph, const ExportOptions& options);

}  // namespace settle::onnx
