// Purpose: the tables of a study's report. Of very many rows the first are shown; the CSV files have all.
// Caller: the study report. Thread rule: pure but for looking which files are there.
#pragma once

#include "sim/report/html.hpp"
#include "sim/report/study_groups.hpp"

namespace settle {

inline constexpr std::size_t kMostTableRows = 1000;

// Means with 95 % intervals, a line a group.
Table means_table(const StudyRecord& study, const std::vector<StudyGroup>& groups);
// A line a row: its number, linked to its report or else its log, its variables, how it ended and its results.
Table rows_table(const StudyRecord& study);
// Likewise of what depends on the machine; empty where nothing does.
Table timing_table(const StudyRecord& study);
// Rows without results, and why.
Table failures_table(const StudyRecord& study);

}  // namespace settle
