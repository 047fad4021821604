// Purpose: what the pages of runs and of studies have in common. Caller: the reports. Thread rule: free functions.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "sim/report/html.hpp"

namespace settle {

// A JSON value for people: "-" for null, four digits of a number that is not whole.
std::string json_text(const nlohmann::json& json);
// The last name of a directory's path: what the page is of.
std::string directory_name(const std::filesystem::path& directory);
// The words that asked for a run. Errors: nlohmann::json::exception.
std::string command_text(const nlohmann::json& run_manifest);
// The files a run read and the versions of what ran it. Errors: nlohmann::json::exception.
void add_inputs_and_versions(HtmlPage& page, const nlohmann::json& run_manifest);

}  // namespace settle
