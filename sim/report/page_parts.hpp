// Purpose: what the pages of runs and of studies have in common. Caller: the reports. Thread rule: free functions.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/report/html.hpp"

namespace settle {

// The manifest of a directory. Errors: MissingInput where it is not there; BadData where it is no run's or study's.
nlohmann::json report_manifest(const std::filesystem::path& directory);

// What `use` makes of that manifest. Errors: BadData where a file of the directory is not what a run or a study writes.
template <class Use>
auto with_manifest(const std::filesystem::path& directory, Use use) {
  const nlohmann::json manifest = report_manifest(directory);
  try {
    return use(manifest);
  } catch (const nlohmann::json::exception& error) {
    throw BadData(directory.string() +
                  ": manifest.json or result.json is not what a run or a study writes: " + error.what());
  }
}

// A JSON value for people: "-" for null, four digits of a number that is not whole.
std::string json_text(const nlohmann::json& json);
// The last name of a directory's path: what the page is of.
std::string directory_name(const std::filesystem::path& directory);
// The words that asked for a run, as a line of a shell. Errors: nlohmann::json::exception.
std::string command_text(const nlohmann::json& run_manifest);
// The files a run read and the versions of what ran it. Errors: nlohmann::json::exception.
void add_inputs_and_versions(HtmlPage& page, const nlohmann::json& run_manifest);

}  // namespace settle
