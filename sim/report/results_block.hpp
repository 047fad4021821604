// Purpose: what a results page says of one study or run, made from its directory alone: the commands, what they ran on,
// the table of rules and the pictures of how they learn. Paths of the machine are left out.
// Caller: the results page. Thread rule: free functions.
// Errors: those of reading the directory; nlohmann::json::exception.
#pragma once

#include <nlohmann/json.hpp>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle {

struct ResultsBlock {
  std::string name;  // of the directory
  std::string text;  // Markdown, without the pictures
  std::vector<Plot> plots;
};

ResultsBlock results_block(const std::filesystem::path& directory, const nlohmann::json& manifest);

// A word of a command, with the last name of each absolute path in it.
std::string without_folders(std::string_view word);

}  // namespace settle
