#include "sim/config/resume.hpp"

#include <set>

#include "graph/error.hpp"
#include "sim/config/keys.hpp"

namespace settle {
namespace {

bool may_change(const std::string& key) {
  static const std::set<std::string> kFree = {"learn.epochs",  "learn.max_trials", "run.directory", "run.hosts",
                                              "run.max_hours", "run.report",       "run.restarts",  "run.threads"};
  return kFree.contains(key) || key.starts_with("probe.") || key.starts_with("checkpoint.") ||
         key.starts_with("placement.") || key.starts_with("transport.");
}

std::string text_of(const ResolvedTexts& texts, const std::string& key) {
  const auto found = texts.find(key);
  if (found != texts.end()) return found->second;
  const ConfigKey* known = find_config_key(key);
  return known == nullptr ? "" : std::string(known->default_text);
}

}  // namespace

ResolvedTexts resolved_texts(const RunConfig& config) {
  ResolvedTexts texts;
  for (const auto& [key, value] : config.resolved) texts[key] = value.text;
  return texts;
}

std::vector<ChangedKey> changed_keys(const ResolvedTexts& before, const ResolvedTexts& now) {
  std::set<std::string> keys;
  for (const auto& [key, text] : before) keys.insert(key);
  for (const auto& [key, text] : now) keys.insert(key);
  std::vector<ChangedKey> changed;
  for (const std::string& key : keys) {
    if (may_change(key)) continue;
    ChangedKey candidate{key, text_of(before, key), text_of(now, key)};
    if (candidate.before != candidate.now) changed.push_back(std::move(candidate));
  }
  return changed;
}

void check_unchanged(const ResolvedTexts& before, const ResolvedTexts& now, const std::string& run_directory) {
  std::string message;
  for (const ChangedKey& changed : changed_keys(before, now))
    message += run_directory + ": " + changed.key + " was '" + changed.before + "' when this run began and is '" +
               changed.now + "' now; set it back, or give another --run.directory\n";
  if (message.empty()) return;
  message.pop_back();
  throw BadConfig(message);
}

}  // namespace settle
