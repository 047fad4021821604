#include "tools/hosts/host_task.hpp"

#include <algorithm>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "sim/allowed_cores.hpp"
#include "sim/config/resume.hpp"
#include "sim/hosts.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

// One computed vertex after another; pins count here too.
Placement round_robin(const Graph& graph, HostId hosts, const std::vector<Pin>& pins) {
  const PinnedVertices pinned = pinned_vertices(graph, pins);
  if (pinned.unmatched) throw BadConfig("placement.pin: no vertex matches '" + *pinned.unmatched + "'");
  Placement placement(graph.size());
  for (VertexId id = 0; id < graph.size(); ++id) placement[id] = pinned.hosts[id].value_or(id % hosts);
  return placement;
}

std::string graph_hash(const Graph& graph) {
  DescribeOptions all;
  all.all = true;
  return sha256_of(describe(graph, all)).substr(0, 16);
}

}  // namespace

HostTask host_task(const RunConfig& config, const Graph& graph, HostId hosts) {
  HostTask task;
  task.config = resolved_texts(config);
  task.graph = graph_hash(graph);
  task.automatic_threads = config.run.automatic_threads;
  std::vector<Pin> pins = read_hosts(config.placement.pin, "placement.pin");
  for (Pin& pin : pins) pin.host = std::min(pin.host, hosts - 1);  // where fewer hosts are left than there were
  task.placement = config.placement.method == PlacementConfig::Method::metis ? place(graph, {hosts, pins})
                                                                             : round_robin(graph, hosts, pins);
  return task;
}

void check_graph(const HostTask& task, const Graph& graph) {
  if (const std::string hash = graph_hash(graph); hash != task.graph)
    throw BadConfig("the model here has the hash " + hash + ", that of host 0 " + task.graph +
                    ": give all machines the same files");
}

unsigned threads_of(const HostTask& task, unsigned given, const Roll& roll, HostId self) {
  if (!task.automatic_threads) return given;
  const auto sharers = std::ranges::count_if(
      roll, [&](const HostCard& card) { return card.machine == roll[self].machine && card.cores == roll[self].cores; });
  return std::max(1U, allowed_cores() / static_cast<unsigned>(sharers));
}

}  // namespace settle
