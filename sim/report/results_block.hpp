// Purpose: what a results page says of one study or run, made from its directory alone: the commands, what they ran on,
// the table of rules and the pictures of how they learn. Paths of the machine are left out.
// Caller: the results page. Thread rule: free functions.
// Errors: those of reading the directory; nlohmann::json::exception.
#pragma once

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle {

struct ResultsBlock {
  std::string name;  // of the directory
  std::string text;  // Markdown, without the pictures
  std::vector<Plot> plots;
};

// Text from the model of that run's directory.
using SampleText = std::function<std::string(const std::filesystem::path& run)>;

// `sample`: shown of the last row that is done, where the study is of text and its model draws characters; may be
// empty.
ResultsBlock results_block(const std::filesystem::path& directory, const nlohmann::json& manifest,
                           const SampleText& sample = {});

// A word of a command, with the last name of each absolute path in it.
std::string without_folders(std::string_view word);

}  // namespace settle
