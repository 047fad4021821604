// Purpose: which host each vertex is on, as [network] hosts says. Thread rule: pure.
#pragma once

#include "sim/virtual/link.hpp"

namespace settle {

// By VertexId. Errors: BadConfig naming a pattern that no vertex has.
std::vector<std::uint32_t> hosts_of(const Graph& graph, const std::vector<HostRule>& rules);

}  // namespace settle
