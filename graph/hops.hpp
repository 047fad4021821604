// Purpose: how far a vertex is from the outputs where there is one answer: where all paths from it to childless
// vertices have the same number of edges, as on a chain. Then graph/closed_form.hpp says what its error is as a whole;
// elsewhere each of its paths has a share of its own. Caller: fidelity probe, traces. Thread rule: pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "graph/graph.hpp"

namespace settle {

// By VertexId; none where paths differ in length or run in cycles.
std::vector<std::optional<std::uint64_t>> hops_to_output(const Graph& graph);

}  // namespace settle
