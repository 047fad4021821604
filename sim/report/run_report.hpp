// Purpose: report.html of a run. Caller: report.cpp; thread rule and errors as there, and nlohmann::json::exception for
// a manifest or result of another shape.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/report/report.hpp"

namespace settle {

ReportOutcome write_run_report(const std::filesystem::path& directory, const nlohmann::json& manifest);

}  // namespace settle
