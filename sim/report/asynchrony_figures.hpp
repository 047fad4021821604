// Purpose: the pictures of how vertices worked and what they worked with: acts and messages of each vertex, and in
// virtual time how long before an act what it used had been sent. Few vertices are shown one by one, many as a
// histogram. Caller: the run report. Thread rule: pure.
#pragma once

#include <vector>

#include "sim/report/metrics.hpp"
#include "sim/report/plot.hpp"

namespace settle {

// Of the last row of each kind; none where there is none.
std::vector<Plot> asynchrony_figures(const RunMetrics& metrics);

}  // namespace settle
