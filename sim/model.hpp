// Purpose: the Graph that a config or a command line asks for: a model file, or a family. Thread rule: pure.
#pragma once

#include <string>

#include "graph/graph.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

// Errors: what load_graph and family_source throw.
GraphPtr load_model(const GraphConfig& config);

// The model as text in the graph language. Errors: as load_model, for what cannot be read.
std::string model_text(const GraphConfig& config);

}  // namespace settle
