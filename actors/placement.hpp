// Purpose: which host runs which vertex: parts of about equal work between which few bytes travel. METIS divides the
// graph (Karypis & Kumar 1998), vertices weighed by the operations of one prediction, edges by the bytes of one
// message; then its parts are named after hosts so that what is tied most to pinned vertices lies beside them. The
// same graph and options give the same placement, everywhere. A placement changes no result.
// An input is read where its children are: its edges cut nothing, and it is listed with its first child.
// A host may end up empty: a graph of five vertices does not keep eight hosts busy.
// Callers: `settle graph --hosts`; of pins also virtual time. Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "graph/graph.hpp"

namespace settle {

using HostId = std::uint32_t;

struct Pin {
  std::string pattern;  // of names, see graph/name_pattern.hpp; the first that matches counts
  HostId host = 0;
};

struct PinnedVertices {
  std::vector<std::optional<HostId>> hosts;  // by VertexId
  std::optional<std::string> unmatched;      // the first pattern that names no vertex
};
PinnedVertices pinned_vertices(const Graph& graph, const std::vector<Pin>& pins);

struct PlacementOptions {
  HostId hosts = 1;  // at least 1
  std::vector<Pin> pins;
};

using Placement = std::vector<HostId>;  // by VertexId

// Errors: BadConfig naming a pin whose host is none of them, or that no vertex matches; InternalFault where METIS
// fails.
Placement place(const Graph& graph, const PlacementOptions& options);

struct HostLoad {
  std::size_t vertices = 0;
  std::int64_t parameters = 0;
  double flops = 0;  // of one sample's predictions
};

struct PlacementCost {
  std::vector<HostLoad> hosts;
  std::uint64_t cut_edges = 0;
  // Of one value or one feedback over every cut edge: for each sample, and of what has no batch once a trial.
  std::int64_t cut_bytes_per_sample = 0;
  std::int64_t cut_bytes_per_trial = 0;
  double imbalance = 1;  // the most loaded host's flops over the mean
};

PlacementCost cost_of(const Graph& graph, const Placement& placement, HostId hosts, std::size_t scalar_bytes);

}  // namespace settle
