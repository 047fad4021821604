// Purpose: report.html of a study: its pictures, its rows as means and one by one, what they took, what failed and why,
// and what was asked for. Caller: report.cpp; thread rule and errors as there, and nlohmann::json::exception for a
// row's manifest of another shape.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/report/report.hpp"

namespace settle {

ReportOutcome write_study_report(const std::filesystem::path& directory, const nlohmann::json& manifest);

}  // namespace settle
