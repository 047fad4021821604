// Purpose: the Graph that a config or a command line asks for: a model file, or a family. Thread rule: pure.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

// Errors: what load_graph and family_source throw.
GraphPtr load_model(const GraphConfig& config);
// The same; `files` becomes every file that the model was read from, includes behind the model's own.
GraphPtr load_model(const GraphConfig& config, std::vector<std::filesystem::path>& files);

// The model as text in the graph language. Errors: as load_model, for what cannot be read.
std::string model_text(const GraphConfig& config);

}  // namespace settle
