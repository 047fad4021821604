// Purpose: a model's first parameters from a file (graph.parameters): an .npz with an array for each, by the names that
// `settle graph` lists. Callers: the session, `settle gradient`. Thread rule: a free function.
// Errors: MissingInput; BadData naming every parameter that the file lacks, every array that is no parameter, and every
// one of another shape.
#pragma once

#include <filesystem>

#include "actors/state.hpp"
#include "graph/graph.hpp"

namespace settle {

template <class Scalar>
State<Scalar> read_initial_parameters(const Graph& graph, const std::filesystem::path& file);

}  // namespace settle
