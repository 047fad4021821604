// Purpose: which host each vertex is on, in words: "0: x, h1*; 1: h2*, y", patterns of names by host.
// Callers: [network] hosts, `settle graph --pin`. Thread rule: pure.
#pragma once

#include <string_view>
#include <vector>

#include "actors/placement.hpp"

namespace settle {

inline constexpr HostId kMostHosts = 65535;

// `what` ("network.hosts") begins an error's message. Errors: BadConfig quoting the part that says no host.
std::vector<Pin> read_hosts(std::string_view text, const std::string& what);

// By VertexId; what no pin names is on host 0. Errors: BadConfig naming a pattern that no vertex has.
std::vector<HostId> hosts_of(const Graph& graph, const std::vector<Pin>& pins);

}  // namespace settle
