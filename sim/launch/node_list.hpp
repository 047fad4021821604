// Purpose: Slurm's short texts for many machines, "n[1-2,7],a[001-003]", and for counts by machine, "2(x3),1"; and
// which machine each process of a step is on, for messages about those that are missing. Thread rule: pure. Source:
// Slurm's manual of srun, "--nodelist" and "OUTPUT ENVIRONMENT VARIABLES".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/launch/rank.hpp"

namespace settle {

// In the order of the text; zeros before a number are kept, and a name may have several brackets: the last runs
// fastest. Errors: BadData quoting the text and the place in it for what is no such list, or names more than
// kMostHosts.
std::vector<std::string> read_node_list(std::string_view text);

// A count for each machine. Errors: as above.
std::vector<std::size_t> read_tasks_per_node(std::string_view text);

// By rank; empty where it is not known: outside of srun's steps, where ranks are dealt out in turn, or where Slurm's
// texts make no sense for so many ranks. Errors: detect_rank's.
std::vector<std::string> nodes_of_ranks(const Environment& environment);

}  // namespace settle
