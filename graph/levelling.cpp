#include "graph/levelling.hpp"

#include <algorithm>
#include <cassert>

#include "graph/builder.hpp"
#include "graph/ops/unary.hpp"

namespace settle {
namespace {

bool skips(const Graph& graph, const Vertex& parent, const Edge& child) {
  return parent.kind == VertexKind::computed && parent.height > graph[child.vertex].height + 1;
}

// Puts a chain of relays below a vertex, down to the lowest child that skips levels; one serves all of them.
void relay(GraphBuilder& builder, const Graph& graph, VertexId id) {
  const Vertex& vertex = graph[id];
  std::vector<Edge> skipping;
  for (const Edge& child : vertex.children)
    if (skips(graph, vertex, child)) skipping.push_back(child);
  const auto height = [&](const Edge& edge) { return graph[edge.vertex].height; };
  std::ranges::stable_sort(skipping, std::greater<>(), height);
  VertexId last = id;
  std::uint32_t level = vertex.height;
  for (const Edge& child : skipping) {
    while (level > height(child) + 1) {
      --level;
      const ExpressionPtr same = apply(identity_op(), {builder.use(last)});
      last = builder.normal(vertex.name + "@" + std::to_string(level), same);
    }
    builder.redirect(child.vertex, child.slot, last);
  }
}

}  // namespace

std::optional<SkippingEdge> find_skipping_edge(const Graph& graph) {
  for (VertexId id = 0; id < graph.size(); ++id)
    for (const Edge& child : graph[id].children)
      if (skips(graph, graph[id], child)) return SkippingEdge{id, child.vertex};
  return std::nullopt;
}

GraphPtr levelled(const GraphPtr& graph) {
  assert(graph->acyclic());
  if (!find_skipping_edge(*graph)) return graph;
  GraphBuilder builder(*graph);
  for (VertexId id = 0; id < graph->size(); ++id) relay(builder, *graph, id);
  return builder.build();
}

}  // namespace settle
