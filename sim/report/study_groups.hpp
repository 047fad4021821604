// Purpose: the rows of a study folded: rows that agree in x and series are repeats, most often of a seed. Where x is a
// result it differs between repeats: then those are the rows that agree in every variable but the seed, and the group
// stands at the mean of x. Caller: the study report. Thread rule: pure.
#pragma once

#include <string>
#include <vector>

#include "sim/report/statistics.hpp"
#include "sim/report/study_record.hpp"

namespace settle {

struct StudyGroup {
  std::string x;                            // as text; empty where x is a result
  double place = 0;                         // as a number; NaN where it is none
  std::vector<std::string> series;          // by name of axes.series
  std::vector<const StudyRecordRow*> rows;  // in study order
};

// In study order. Requires: `study` outlives them.
std::vector<StudyGroup> groups_of(const StudyRecord& study);

// Of the group's finite numbers in a column.
Estimate estimate_of(const StudyRecord& study, const StudyGroup& group, const std::string& column);

}  // namespace settle
