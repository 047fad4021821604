// Purpose: a RunConfig from its four sources; precedence: command line, environment, file, default.
// Callers: the commands that take a CONFIG. Thread rule: free functions; the environment is an argument.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "sim/config/run_config.hpp"

namespace settle {

struct ConfigSources {
  std::filesystem::path file;
  std::vector<std::string> arguments;              // "--section.key=value" or "--section.key", "value"
  std::map<std::string, std::string> environment;  // SETTLE_SECTION__KEY counts; whatever else is there is left alone
  bool needs_data = true;                          // false: data.dataset may be left out
};

// Paths that the file gives are relative to the file, all others to the current directory.
// Errors: MissingInput where the file is not there. Else all mistakes in one error, a line each, with place
// (FILE:LINE, "command line", "environment NAME"), key, value and what is allowed or probably meant:
// UsageError where all are unknown, repeated or misspelt options, otherwise BadConfig.
RunConfig load_run_config(const ConfigSources& sources);
// The same from the text of a file that need not exist.
RunConfig load_run_config(const ConfigSources& sources, std::string_view text);

// A config from what another one was resolved to. `origin`: where those texts are from.
RunConfig load_resolved_config(const std::map<std::string, std::string>& texts, const std::filesystem::path& origin);

// What a config's file holds. Errors: MissingInput; BadData for one that is too long.
std::string read_config_text(const std::filesystem::path& file);

// This process's variables that begin with SETTLE_.
std::map<std::string, std::string> settle_environment();

}  // namespace settle
