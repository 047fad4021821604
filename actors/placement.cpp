#include "actors/placement.hpp"

#include <metis.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>

#include "graph/error.hpp"
#include "graph/name_pattern.hpp"

namespace settle {
namespace {

// METIS counts in 32 bits: all weights together stay below this.
constexpr double kWeight = 1e9;

double work_of(const Vertex& vertex) { return vertex.kind == VertexKind::computed ? vertex.program->cost(1) : 0; }

bool travels(const Vertex& parent) { return parent.kind != VertexKind::input; }

// The vertices that METIS divides, numbered from 0, with the edges between them both ways.
struct Divisible {
  std::vector<VertexId> ids;
  std::vector<idx_t> offsets, neighbours, work, bytes;
};

Divisible divisible(const Graph& graph, const std::vector<std::optional<HostId>>& pins) {
  Divisible result;
  constexpr idx_t kNone = -1;
  std::vector<idx_t> numbers(graph.size(), kNone);
  double work = 0;
  double bytes = 0;
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (travels(vertex))
      bytes += static_cast<double>(vertex.shape.size()) * static_cast<double>(vertex.children.size());
    if (!travels(vertex) || pins[id]) continue;
    numbers[id] = static_cast<idx_t>(result.ids.size());
    result.ids.push_back(id);
    work += work_of(vertex);
  }
  const auto weight = [](double part, double whole, std::size_t parts) {
    const double share = whole > 0 ? part / whole : 1 / static_cast<double>(std::max<std::size_t>(1, parts));
    return static_cast<idx_t>(std::max(1.0, std::floor(share * kWeight)));
  };
  result.offsets.push_back(0);
  for (const VertexId id : result.ids) {
    const Vertex& vertex = graph[id];
    result.work.push_back(weight(work_of(vertex), work, result.ids.size()));
    std::map<idx_t, double> edges;  // two vertices of a cycle may have two
    for (const Edge& parent : vertex.parents)
      if (numbers[parent.vertex] != kNone && parent.vertex != id)
        edges[numbers[parent.vertex]] += static_cast<double>(graph[parent.vertex].shape.size());
    for (const Edge& child : vertex.children)
      if (numbers[child.vertex] != kNone && child.vertex != id)
        edges[numbers[child.vertex]] += static_cast<double>(vertex.shape.size());
    for (const auto& edge : edges) {
      result.neighbours.push_back(edge.first);
      result.bytes.push_back(weight(edge.second, 2 * bytes, 1));
    }
    result.offsets.push_back(static_cast<idx_t>(result.neighbours.size()));
  }
  return result;
}

// The part of each divisible vertex; part k is to get `shares[k]` of the work.
std::vector<idx_t> divide(Divisible& graph, std::vector<real_t> shares) {
  auto vertices = static_cast<idx_t>(graph.ids.size());
  auto parts = static_cast<idx_t>(shares.size());
  std::vector<idx_t> part(graph.ids.size(), 0);
  if (parts == 1 || vertices == 0) return part;
  if (vertices <= parts) {  // METIS wants more vertices than parts: the heaviest goes to the largest share
    std::vector<idx_t> by_work(graph.ids.size());
    std::vector<idx_t> by_share(shares.size());
    std::iota(by_work.begin(), by_work.end(), 0);
    std::iota(by_share.begin(), by_share.end(), 0);
    const auto index = [](idx_t i) { return static_cast<std::size_t>(i); };
    std::ranges::stable_sort(by_work, std::greater<>{}, [&](idx_t i) { return graph.work[index(i)]; });
    std::ranges::stable_sort(by_share, std::greater<>{}, [&](idx_t i) { return shares[index(i)]; });
    for (std::size_t i = 0; i < by_work.size(); ++i) part[index(by_work[i])] = by_share[i];
    return part;
  }
  idx_t options[METIS_NOPTIONS];
  METIS_SetDefaultOptions(options);
  options[METIS_OPTION_SEED] = 1;
  idx_t constraints = 1;
  idx_t cut = 0;
  // Bisection is better for few parts, the direct way faster for many.
  const auto method = parts <= 8 ? METIS_PartGraphRecursive : METIS_PartGraphKway;
  const int outcome = method(&vertices, &constraints, graph.offsets.data(), graph.neighbours.data(), graph.work.data(),
                             nullptr, graph.bytes.data(), &parts, shares.data(), nullptr, options, &cut, part.data());
  if (outcome != METIS_OK)
    throw InternalFault("METIS failed to divide the graph (code " + std::to_string(outcome) + ")");
  return part;
}

}  // namespace

PinnedVertices pinned_vertices(const Graph& graph, const std::vector<Pin>& pins) {
  PinnedVertices result{std::vector<std::optional<HostId>>(graph.size()), {}};
  for (const Pin& pin : pins) {
    bool any = false;
    for (VertexId id = 0; id < graph.size(); ++id) {
      if (!matches(pin.pattern, graph[id].name)) continue;
      any = true;
      if (!result.hosts[id]) result.hosts[id] = pin.host;
    }
    if (!any && !result.unmatched) result.unmatched = pin.pattern;
  }
  return result;
}

Placement place(const Graph& graph, const PlacementOptions& options) {
  for (const Pin& pin : options.pins)
    if (pin.host >= options.hosts)
      throw BadConfig("'" + pin.pattern + "' is pinned to host " + std::to_string(pin.host) + ", there are " +
                      std::to_string(options.hosts) + ", from 0 on");
  const PinnedVertices pinned = pinned_vertices(graph, options.pins);
  if (pinned.unmatched)
    throw BadConfig("no vertex has a name like '" + *pinned.unmatched + "', which is pinned to a host");
  const std::vector<std::optional<HostId>>& pins = pinned.hosts;
  Placement placement(graph.size(), 0);
  std::vector<double> taken(options.hosts, 0);  // by pins
  double work = 0;
  for (VertexId id = 0; id < graph.size(); ++id) {
    work += work_of(graph[id]);
    if (!pins[id]) continue;
    placement[id] = *pins[id];
    taken[*pins[id]] += work_of(graph[id]);
  }

  // What pins leave of each host's share. METIS takes no share of zero.
  std::vector<real_t> shares;
  for (const double mine : taken)
    shares.push_back(static_cast<real_t>(std::max(work / options.hosts - mine, 1e-3 * work / options.hosts)));
  const real_t whole = std::accumulate(shares.begin(), shares.end(), real_t(0));
  for (real_t& share : shares) share = whole > 0 ? share / whole : real_t(1) / static_cast<real_t>(options.hosts);

  Divisible rest = divisible(graph, pins);
  const std::vector<idx_t> part = divide(rest, shares);
  for (std::size_t i = 0; i < rest.ids.size(); ++i) placement[rest.ids[i]] = static_cast<HostId>(part[i]);

  // Parts of one share may change names: the one with most bytes to a host's pinned vertices goes there.
  std::map<std::pair<HostId, HostId>, double> ties;  // part, host -> elements
  for (const VertexId id : rest.ids) {
    const auto tie = [&](const Edge& edge, const Vertex& sender) {
      if (pins[edge.vertex] && travels(sender))
        ties[{placement[id], *pins[edge.vertex]}] += static_cast<double>(sender.shape.size());
    };
    for (const Edge& parent : graph[id].parents) tie(parent, graph[parent.vertex]);
    for (const Edge& child : graph[id].children) tie(child, graph[id]);
  }
  std::vector<std::pair<double, std::pair<HostId, HostId>>> strongest;
  for (const auto& tie : ties) strongest.emplace_back(tie.second, tie.first);
  std::ranges::stable_sort(strongest, std::greater<>{}, [](const auto& each) { return each.first; });
  std::vector<HostId> host_of_part(options.hosts);
  std::iota(host_of_part.begin(), host_of_part.end(), 0U);
  std::vector<char> settled(options.hosts, 0);  // by host
  for (const auto& tie : strongest) {
    const HostId from = tie.second.first;
    const HostId to = tie.second.second;
    const HostId now = host_of_part[from];
    if (settled[now] || settled[to]) continue;
    if (std::abs(shares[now] - shares[to]) > real_t(0.1) * shares[now]) continue;
    std::swap(host_of_part[from], *std::ranges::find(host_of_part, to));
    settled[to] = 1;
  }
  for (const VertexId id : rest.ids) placement[id] = host_of_part[placement[id]];

  for (const VertexId id : graph.inputs())
    if (!pins[id] && !graph[id].childless()) placement[id] = placement[graph[id].children.front().vertex];
  return placement;
}

PlacementCost cost_of(const Graph& graph, const Placement& placement, HostId hosts, std::size_t scalar_bytes) {
  PlacementCost cost;
  cost.hosts.resize(hosts);
  double flops = 0;
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    HostLoad& host = cost.hosts[placement[id]];
    ++host.vertices;
    host.flops += work_of(vertex);
    flops += work_of(vertex);
    for (const ParameterSpec& spec : vertex.parameters) host.parameters += spec.shape.size();
    if (!travels(vertex)) continue;
    for (const Edge& child : vertex.children) {
      if (placement[child.vertex] == placement[id]) continue;
      ++cost.cut_edges;
      (vertex.shape.batched() ? cost.cut_bytes_per_sample : cost.cut_bytes_per_trial) +=
          vertex.shape.size() * static_cast<std::int64_t>(scalar_bytes);
    }
  }
  const double most = std::ranges::max(cost.hosts, {}, &HostLoad::flops).flops;
  if (flops > 0) cost.imbalance = most * hosts / flops;
  return cost;
}

}  // namespace settle
