// Purpose: the program `settle` as its tests run it. Thread rule: any thread.
#pragma once

#include <nlohmann/json.hpp>

#include "tests/support/process.hpp"

namespace settle {

inline ProcessResult run_settle(std::vector<std::string> words, const ProcessOptions& options = {}) {
  words.insert(words.begin(), SETTLE_PROGRAM);
  return run_process(words, options);
}

// The last line of a `--json` command's stdout.
inline nlohmann::json last_line(const ProcessResult& result) {
  const std::string text = result.out.substr(0, result.out.find_last_not_of('\n') + 1);
  return nlohmann::json::parse(text.substr(text.rfind('\n') + 1));  // npos + 1 is 0
}

}  // namespace settle
