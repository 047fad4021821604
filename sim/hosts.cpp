#include "sim/virtual/hosts.hpp"

#include "graph/error.hpp"
#include "graph/name_pattern.hpp"

namespace settle {

std::vector<std::uint32_t> hosts_of(const Graph& graph, const std::vector<HostRule>& rules) {
  std::vector<std::uint32_t> hosts(graph.size(), 0);
  std::vector<char> placed(graph.size(), 0);
  for (const HostRule& rule : rules)
    for (const std::string& pattern : rule.patterns) {
      bool found = false;
      for (VertexId id = 0; id < graph.size(); ++id) {
        if (!matches(pattern, graph[id].name)) continue;
        found = true;
        if (!placed[id]) hosts[id] = rule.host;
        placed[id] = 1;
      }
      if (!found) throw BadConfig("network.hosts: no vertex is named '" + pattern + "' (settle graph lists them)");
    }
  return hosts;
}

}  // namespace settle
