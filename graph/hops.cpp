#include "graph/hops.hpp"

#include <algorithm>

namespace settle {

std::vector<std::optional<std::uint64_t>> hops_to_output(const Graph& graph) {
  std::vector<std::optional<std::uint64_t>> hops(graph.size());
  if (!graph.acyclic()) return hops;
  for (auto at = graph.order().rbegin(); at != graph.order().rend(); ++at) {
    const VertexId id = *at;
    const std::vector<Edge>& children = graph[id].children;
    if (children.empty()) {
      hops[id] = 0;
      continue;
    }
    const std::optional<std::uint64_t> first = hops[children.front().vertex];
    const bool alike = std::ranges::all_of(children, [&](const Edge& edge) { return hops[edge.vertex] == first; });
    if (first && alike) hops[id] = *first + 1;
  }
  return hops;
}

}  // namespace settle
