#include "tools/hosts/host_task.hpp"

#include <algorithm>
#include <thread>

#include "graph/describe.hpp"
#include "sim/allowed_cores.hpp"
#include "sim/config/resume.hpp"
#include "sim/hosts.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

// One computed vertex after another; pins count here too.
Placement round_robin(const Graph& graph, HostId hosts, const std::vector<Pin>& pins) {
  const PinnedVertices pinned = pinned_vertices(graph, pins);
  Placement placement(graph.size());
  for (VertexId id = 0; id < graph.size(); ++id) placement[id] = pinned.hosts[id].value_or(id % hosts);
  return placement;
}

}  // namespace

HostTask host_task(const RunConfig& config, const Graph& graph, HostId hosts) {
  HostTask task;
  task.config = resolved_texts(config);
  task.automatic_threads = config.resolved.at("run.threads").origin == "default";
  std::vector<Pin> pins = read_hosts(config.placement.pin, "placement.pin");
  for (Pin& pin : pins) pin.host = std::min(pin.host, hosts - 1);  // where fewer hosts are left than there were
  task.placement = config.placement.method == PlacementConfig::Method::metis ? place(graph, {hosts, pins})
                                                                             : round_robin(graph, hosts, pins);
  return task;
}

unsigned threads_of(const HostTask& task, unsigned given, const Roll& roll, HostId self) {
  if (!task.automatic_threads) return given;
  const unsigned cores = allowed_cores();
  if (cores < std::thread::hardware_concurrency()) return cores;
  const auto neighbours = std::ranges::count(roll, roll[self].machine, &HostCard::machine);
  return std::max(1U, cores / static_cast<unsigned>(neighbours));
}

std::string graph_hash(const Graph& graph) {
  DescribeOptions all;
  all.all = true;
  return sha256_of(describe(graph, all)).substr(0, 16);
}

}  // namespace settle
