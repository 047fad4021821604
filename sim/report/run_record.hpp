// Purpose: a run as a study of one row, so that a page has one way to show either. Caller: the results page. Thread
// rule: free functions. Errors: BadData; nlohmann::json::exception where a file is not what a run writes.
#pragma once

#include "sim/report/study_record.hpp"

namespace settle {

// Its only variable is the rule.
StudyRecord record_of_run(const std::filesystem::path& directory, const nlohmann::json& manifest);

// Of a directory of either kind.
StudyRecord record_of(const std::filesystem::path& directory, const nlohmann::json& manifest);

}  // namespace settle
