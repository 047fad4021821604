// Purpose: an ONNX model as a Graph.
//   graph input       an input vertex of fixed shape, whatever its axes mean; one of integers or truth values, whose
//   data
//                     were given, becomes constants: they may decide shapes. Without data it is a vertex of whole
//                     numbers
//   float initialiser a parameter under its own name: of the vertex that uses it or, where several do, a `parameter`
//                     vertex; not where it only decides shapes, or is a mean or variance of BatchNormalization
//   node output       by granularity:  op     every float tensor that depends on a graph input is a vertex
//                                      layer  less those whose only consumer is one unary elementwise node
//                                      all    as op, and float tensors that depend on parameters only
//                     What is no vertex is computed within those that use it; what depends on constants only is folded.
//   graph output      a vertex whose energy is asked for; a tensor that other nodes use too gets a vertex for each role
// Vertices are named as their tensors. Nodes that no output needs are left out.
// Caller: sim/model.cpp, `settle onnx-test`. Thread rule: pure.
// Errors: Unsupported naming node, operator, operator set and what is missing (all unknown operators at once);
// BadConfig naming the node or tensor; BadData where data that were given do not fit.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/onnx/model.hpp"

namespace settle::onnx {

enum class Granularity { op, layer, all };

struct ImportOptions {
  Granularity granularity = Granularity::layer;
  // Of the output vertices; null: gaussian of precision 1.
  EnergyPtr output_energy;
  // Data of graph inputs, by name: they give open extents, and the values of what has to be constant.
  std::map<std::string, Tensor<double>> inputs;
  // The extent of an open axis `batch_axis` whose input has no data.
  std::int64_t batch = 1;
  std::size_t batch_axis = 0;
  // A few bytes of a file can ask for any amount of memory and time. What the constants may take that vertices hold or
  // that are computed from others: elements, beyond those that are written in the file, and operations.
  std::int64_t most_constants = std::int64_t{1} << 26;
  double most_work = 1e9;
};

struct ImportedOutput {
  std::string name;
  ElementType type = ElementType::float32;
  std::optional<VertexId> vertex;
  Tensor<double> constant;  // where there is no vertex: it does not depend on data or parameters
};

struct Imported {
  GraphPtr graph;  // null where every output is constant
  std::vector<ImportedOutput> outputs;
};

Imported import_model(const Model& model, const ImportOptions& options = {});

}  // namespace settle::onnx
