// Purpose: the picture of how the rows of a study relaxed, from rows/NNNN/trace.csv where they have one: gradient error
// against step, a line a row, with what theory says beside it. Caller: the study report. Thread rule: pure but for
// reading. Errors: BadData naming FILE:LINE.
#pragma once

#include <optional>

#include "sim/report/plot.hpp"
#include "sim/report/study_record.hpp"

namespace settle {

std::optional<Plot> trace_figure(const StudyRecord& study);

}  // namespace settle
