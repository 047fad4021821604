// Purpose: the pictures of how trials of a run relaxed, from what probe.trace left in traces/: free energy and gradient
// error over the steps, with what theory says beside it, and the error of every vertex at every step of the last one.
// Caller: the run report. Thread rule: pure but for reading. Errors: BadData naming a file that is no trace.
#pragma once

#include <filesystem>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle {

// `over_ticks`: steps are not what counts, virtual time is. None where nothing was traced.
std::vector<Plot> trace_figures(const std::filesystem::path& run_directory, bool over_ticks);

}  // namespace settle
