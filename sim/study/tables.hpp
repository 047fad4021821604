// Purpose: results.csv and timing.csv of a study from its rows' results, in the order of the study, rows that are not
// done left out. Caller: study.cpp. Thread rule: a free function. Errors: CannotWrite.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "sim/study/plan.hpp"

namespace settle {

// Of a row: as study_row_result (row.hpp) gives it.
using StudyResults = std::vector<std::optional<nlohmann::ordered_json>>;

// Requires: a result, or none, for each row.
void write_study_tables(const StudyPlan& plan, const StudyResults& results);

}  // namespace settle
