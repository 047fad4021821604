// Purpose: results.csv and timing.csv of a study from its rows' results, in the order of the study, rows that are not
// done left out. Caller: study.cpp. Thread rule: a free function. Errors: CannotWrite, BadData.
#pragma once

#include "sim/study/plan.hpp"

namespace settle {

void write_study_tables(const StudyPlan& plan);

}  // namespace settle
