// Purpose: the pictures of a run, from what its metrics hold: a kind of row that is missing makes no picture.
// Caller: the run report. Thread rule: pure.
#pragma once

#include <vector>

#include "sim/report/metrics.hpp"
#include "sim/report/plot.hpp"

namespace settle {

// Loss, accuracy, free energy and messages over the trials.
std::vector<Plot> learning_figures(const RunMetrics& metrics);
// Gradient error and energy of each vertex over the trials, and how old the messages were that it used.
std::vector<Plot> vertex_figures(const RunMetrics& metrics);

}  // namespace settle
