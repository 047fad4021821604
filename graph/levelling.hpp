// Purpose: levelled graphs. The level of a vertex is its height, the edges of the longest path from it; a graph is
// levelled where every edge from a computed vertex leads one level down, so that what the outputs send back reaches a
// vertex over all paths at once. Inputs and parameter vertices are leaves: they wait for nobody, so their edges may
// skip levels. Any graph without cycles becomes levelled by vertices that predict what their parent's value is: the
// same function and the same gradients, over longer ways. Outputs may lie at any depth: a vertex waits for the farthest
// one. Source: Salvatori et al. 2022, "Reverse Differentiation via Predictive Coding", section 4. Thread rule: pure.
#pragma once

#include <optional>

#include "graph/graph.hpp"

namespace settle {

struct SkippingEdge {
  VertexId parent;
  VertexId child;
};

// The first edge that skips levels, in the order of vertices; none where the graph is levelled.
std::optional<SkippingEdge> find_skipping_edge(const Graph& graph);

// The graph itself where it is levelled, else one with vertices `h@2`, `h@1`, ... after its own: `h@2` has h's value on
// level 2. They have no parameters; all others keep their ids and names. Requires: no cycles.
GraphPtr levelled(const GraphPtr& graph);

}  // namespace settle
