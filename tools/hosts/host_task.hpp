// Purpose: what host 0 tells the others to do: the config, as it was resolved there, and who has which vertex. They
// make the same model of it, which its hash shows. Thread rule: value types; pure functions.
#pragma once

#include <map>

#include "actors/hosts/roll.hpp"
#include "graph/graph.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

struct HostTask {
  std::map<std::string, std::string> config;  // by key
  std::string graph;                          // hash of what host 0 has made of it
  Placement placement;
  bool automatic_threads = true;  // run.threads = auto, whatever that is on host 0
};
void code(auto& coder, HostTask& it) { coder(it.config, it.graph, it.placement, it.automatic_threads); }

HostTask host_task(const RunConfig& config, const Graph& graph, HostId hosts);

// Errors: BadConfig where this host has made another graph of the config.
void check_graph(const HostTask& task, const Graph& graph);

// Of the host at that place of the roll: what was given, or an equal share of the cores that it may use among the
// processes of its machine that may use the same.
unsigned threads_of(const HostTask& task, unsigned given, const Roll& roll, HostId self);

}  // namespace settle
