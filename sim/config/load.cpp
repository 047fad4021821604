#include "sim/config/load.hpp"

#include <unistd.h>

#include <algorithm>

#include "graph/error.hpp"
#include "graph/families/family.hpp"
#include "sim/config/checks.hpp"
#include "sim/config/given.hpp"
#include "sim/config/keys.hpp"
#include "sim/datasets/list.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

constexpr std::uint64_t kLongestConfig = 16 << 20;

using GivenByKey = std::map<std::string, GivenValue>;

// One source: each of its values is known and given once.
GivenByKey checked(std::vector<GivenValue> values, ConfigMistakes& mistakes) {
  GivenByKey result;
  for (GivenValue& given : values) {
    if (find_config_key(given.key) == nullptr) {
      const std::string meant = suggest_config_key(given.key);
      mistakes.add(given.kind_if_unknown,
                   given.origin + ": unknown key '" + given.key + "'" +
                       (meant.empty() ? "; see: settle help config" : "; did you mean '" + meant + "'?"));
      continue;
    }
    const auto [first, is_new] = result.try_emplace(given.key, given);
    if (!is_new)
      mistakes.add(given.kind_if_unknown, given.origin + ": '" + given.key +
                                              "' is given twice (first: " + first->second.origin + "); remove one");
  }
  return result;
}

// Puts the value into the config and its canonical text into `resolved`.
void assign(const ConfigKey& key, GivenValue given, RunConfig& config, ConfigMistakes& mistakes) {
  const std::string original = given.value;
  if (key.is_path && !given.value.empty()) given.value = (given.base / given.value).lexically_normal().string();
  const bool unset = given.value.empty() && key.default_text.empty();
  if (!unset && !key.assign(config, given.value)) {
    mistakes.add(ExitCode::bad_config, given.origin + ": " + given.key + " = '" + original.substr(0, 80) +
                                           "' is not possible; it must be " + key.allowed);
    return;
  }
  config.resolved[given.key] = {given.value, given.origin};
}

// graph.mask = auto needs to know family and dataset.
void decide_mask(RunConfig& config) {
  if (config.graph.mask) return;
  const DatasetKind* dataset = find_dataset_kind(config.data.dataset);
  config.graph.mask = dataset != nullptr && dataset->gives_mask && family_has_steps(config.graph.family);
  config.resolved["graph.mask"].text = *config.graph.mask ? "on" : "off";
}

std::string default_text(const ConfigKey& key, const std::filesystem::path& config_file) {
  if (key.name == "run.directory") return (std::filesystem::path("runs") / config_file.stem()).string();
  return std::string(key.default_text);
}

}  // namespace

RunConfig load_run_config(const ConfigSources& sources) {
  return load_run_config(sources, read_config_text(sources.file));
}

std::string read_config_text(const std::filesystem::path& file) {
  return read_text(file, "give the path of a config, as in: settle run configs/NAME.ini", kLongestConfig);
}

RunConfig load_run_config(const ConfigSources& sources, std::string_view text) {
  ConfigMistakes mistakes;
  RunConfig config;
  config.config_file = sources.file;
  const GivenByKey by_precedence[] = {checked(given_by_arguments(sources.arguments, mistakes), mistakes),
                                      checked(given_by_environment(sources.environment), mistakes),
                                      checked(given_by_file(text, sources.file, mistakes), mistakes)};
  for (const ConfigKey& key : config_keys()) {
    const std::string name(key.name);
    GivenValue value{name, default_text(key, sources.file), "default", std::filesystem::current_path()};
    for (const GivenByKey& source : by_precedence) {
      const auto given = source.find(name);
      if (given == source.end()) continue;
      value = given->second;
      break;
    }
    assign(key, std::move(value), config, mistakes);
  }
  mistakes.throw_if_any();
  decide_mask(config);
  check_together(config, sources.needs_data, mistakes);
  mistakes.throw_if_any();
  return config;
}

RunConfig load_resolved_config(const std::map<std::string, std::string>& texts, const std::filesystem::path& origin) {
  std::vector<std::string> arguments;
  for (const auto& [key, text] : texts)
    if (!text.empty()) arguments.push_back("--" + key + "=" + text);
  return load_run_config({origin, arguments, {}}, "");
}

std::map<std::string, std::string> settle_environment() {
  std::map<std::string, std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (text.starts_with("SETTLE_") && equals != std::string_view::npos)
      result.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return result;
}

}  // namespace settle
