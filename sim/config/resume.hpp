// Purpose: whether a run may go on under today's config. A resumed run must compute what the first part would have:
// every key must be as it was, but for those that change no result or only how far the run goes (epochs, limits,
// threads, hosts, probes). Caller: the session. Thread rule: free functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/config/run_config.hpp"

namespace settle {

using ResolvedTexts = std::map<std::string, std::string>;

ResolvedTexts resolved_texts(const RunConfig& config);

struct ChangedKey {
  std::string key;
  std::string before;
  std::string now;
};

// In the order of names. A key that one side does not know counts as that key's default.
std::vector<ChangedKey> changed_keys(const ResolvedTexts& before, const ResolvedTexts& now);

// Errors: BadConfig, one line a changed key, with both values, and what to do.
void check_unchanged(const ResolvedTexts& before, const ResolvedTexts& now, const std::string& run_directory);

}  // namespace settle
