// Purpose: the pictures of a study: one for each y of its axes, over x, a line or a group of bars for each series, each
// point the mean of its repeats with the 95 % interval of Student's t, and beside it what theory says where the rows
// have a result NAME_closed_form. Caller: the study report. Thread rule: pure.
#pragma once

#include <vector>

#include "sim/report/plot.hpp"
#include "sim/report/study_groups.hpp"

namespace settle {

struct StudyFigures {
  std::vector<Plot> plots;
  std::vector<std::string> without_numbers;  // names of y that no row has a number in
};

StudyFigures study_figures(const StudyRecord& study, const std::vector<StudyGroup>& groups);

}  // namespace settle
