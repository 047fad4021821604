#include "sim/hosts.hpp"

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {

std::vector<Pin> read_hosts(std::string_view text, const std::string& what) {
  constexpr const char* kForm = "; write HOST: PATTERN, PATTERN; HOST: PATTERN, as in 0: x, h1*; 1: h2*, y";
  std::vector<Pin> pins;
  for (const std::string_view part : split(text, ';')) {
    if (part.empty()) continue;
    const std::size_t colon = part.find(':');
    const auto host = key_types::number_of<HostId>(trimmed(part.substr(0, colon)));
    if (colon == std::string_view::npos || !host || *host > kMostHosts)
      throw BadConfig(what + ": '" + std::string(part) + "' names no host" + kForm);
    for (const std::string_view pattern : split(part.substr(colon + 1), ',')) {
      if (pattern.empty()) throw BadConfig(what + ": '" + std::string(part) + "' has an empty pattern" + kForm);
      pins.push_back({std::string(pattern), *host});
    }
  }
  return pins;
}

std::vector<HostId> hosts_of(const Graph& graph, const std::vector<Pin>& pins) {
  const PinnedVertices pinned = pinned_vertices(graph, pins);
  if (pinned.unmatched)
    throw BadConfig("network.hosts: no vertex is named '" + *pinned.unmatched + "' (settle graph lists them)");
  std::vector<HostId> hosts;
  for (const std::optional<HostId>& host : pinned.hosts) hosts.push_back(host.value_or(0));
  return hosts;
}

}  // namespace settle
