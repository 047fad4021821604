// Purpose: the values that a user gave, each with its place, before they are read: one list from the file, one from
// the environment, one from the command line. Caller: load.cpp. Thread rule: free functions.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "graph/error.hpp"
#include "sim/config/mistakes.hpp"

namespace settle {

struct GivenValue {
  std::string key;
  std::string value;
  std::string origin;
  std::filesystem::path base;  // what a relative path is relative to
  ExitCode kind_if_unknown = ExitCode::bad_config;
};

std::vector<GivenValue> given_by_file(std::string_view text, const std::filesystem::path& file,
                                      ConfigMistakes& mistakes);
std::vector<GivenValue> given_by_environment(const std::map<std::string, std::string>& environment);
std::vector<GivenValue> given_by_arguments(const std::vector<std::string>& arguments, ConfigMistakes& mistakes);

}  // namespace settle
