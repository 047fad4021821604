#include "tools/placement_report.hpp"

#include <cstdio>
#include <numeric>

#include "graph/describe.hpp"
#include "graph/error.hpp"
#include "sim/hosts.hpp"

namespace settle {
namespace {

std::vector<Pin> pins_of(const Options& options) {
  try {
    return read_hosts(options.text("pin").value_or(""), "--pin");
  } catch (const BadConfig& error) {
    options.fail(error.what());
  }
}

double share(double part, double whole) { return whole > 0 ? 100 * part / whole : 0; }

double flops_of(const PlacementCost& cost) {
  return std::accumulate(cost.hosts.begin(), cost.hosts.end(), 0.0,
                         [](double sum, const HostLoad& host) { return sum + host.flops; });
}

}  // namespace

std::optional<PlacementReport> placement_report(const Options& options, const Graph& graph, std::size_t scalar_bytes) {
  const auto hosts = options.whole("hosts", 1, kMostHosts);
  if (!hosts && options.has("pin")) options.fail("--pin goes with --hosts N");
  if (!hosts) return std::nullopt;
  PlacementOptions wanted;
  wanted.hosts = static_cast<HostId>(*hosts);
  wanted.pins = pins_of(options);
  PlacementReport report;
  report.placement = place(graph, wanted);
  report.cost = cost_of(graph, report.placement, wanted.hosts, scalar_bytes);
  return report;
}

std::string to_text(const PlacementReport& report) {
  const PlacementCost& cost = report.cost;
  std::string text;
  char line[160];
  const auto add = [&](auto... arguments) {
    std::snprintf(line, sizeof line, arguments...);
    text += line;
  };
  add("%-8s%12s%16s%18s%8s\n", "host", "vertices", "parameters", "flops/sample", "share");
  const double flops = flops_of(cost);
  for (std::size_t host = 0; host < cost.hosts.size(); ++host) {
    const HostLoad& load = cost.hosts[host];
    add("%-8zu%12s%16s%18s%6.1f %%\n", host, grouped(static_cast<std::int64_t>(load.vertices)).c_str(),
        grouped(load.parameters).c_str(), grouped(static_cast<std::int64_t>(load.flops)).c_str(),
        share(load.flops, flops));
  }
  add("\ncut edges %s, %s bytes/sample and %s bytes/trial each way, most loaded host %.2f of the mean\n",
      grouped(static_cast<std::int64_t>(cost.cut_edges)).c_str(), grouped(cost.cut_bytes_per_sample).c_str(),
      grouped(cost.cut_bytes_per_trial).c_str(), cost.imbalance);
  return text;
}

nlohmann::json to_json(const PlacementReport& report, const Graph& graph) {
  nlohmann::json hosts = nlohmann::json::array();
  for (const HostLoad& load : report.cost.hosts)
    hosts.push_back({{"vertices", nlohmann::json::array()}, {"parameters", load.parameters}, {"flops", load.flops}});
  for (VertexId id = 0; id < graph.size(); ++id) hosts[report.placement[id]]["vertices"].push_back(graph[id].name);
  return {{"hosts", std::move(hosts)},
          {"cut_edges", report.cost.cut_edges},
          {"cut_bytes_per_sample", report.cost.cut_bytes_per_sample},
          {"cut_bytes_per_trial", report.cost.cut_bytes_per_trial},
          {"imbalance", report.cost.imbalance}};
}

}  // namespace settle
