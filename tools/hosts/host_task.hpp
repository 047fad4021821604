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
  Placement placement;
  bool automatic_threads = true;  // run.threads was not given: each host takes its share of its machine
};
void code(auto& coder, HostTask& it) { coder(it.config, it.placement, it.automatic_threads); }

HostTask host_task(const RunConfig& config, const Graph& graph, HostId hosts);

// Of the host at that place of the roll: what was given, or an equal share of the cores that it may use among the
// processes of its machine, unless each has been given its own.
unsigned threads_of(const HostTask& task, unsigned given, const Roll& roll, HostId self);

std::string graph_hash(const Graph& graph);

}  // namespace settle
