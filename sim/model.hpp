// Purpose: the Graph that a config or a command line asks for: a .graph file, an ONNX file, or a family.
// Thread rule: pure.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/onnx/model.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

// What an ONNX file leaves open and a caller knows; without meaning for other models.
struct ModelData {
  // By input: they give open extents, and become constants where they must.
  std::map<std::string, Tensor<double>> inputs{};
  EnergyPtr output_energy{};  // null: gaussian of precision 1
  std::int64_t batch = 1;     // of inputs without data, where the extent of that axis is open
  std::size_t batch_axis = 0;
};

// Errors: what load_graph, family_source, parse_model and import_model throw.
GraphPtr load_model(const GraphConfig& config, const ModelData& data = {});
// The same; `files` becomes every file that the model was read from, includes behind the model's own.
GraphPtr load_model(const GraphConfig& config, std::vector<std::filesystem::path>& files, const ModelData& data = {});

// The model as text in the graph language. Errors: as load_model, for what cannot be read; BadConfig for an ONNX file.
std::string model_text(const GraphConfig& config);

bool is_onnx(const std::filesystem::path& file);
// Errors: MissingInput, and those of parse_model.
onnx::Model read_onnx(const std::filesystem::path& file);
// `config` says how. Errors: those of import_model; BadConfig where the model would have no vertices to compute.
GraphPtr onnx_graph(const onnx::Model& model, const GraphConfig& config, const ModelData& data);

}  // namespace settle
