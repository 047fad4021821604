#include "tools/model_choice.hpp"

#include "graph/error.hpp"
#include "sim/config/keys.hpp"
#include "sim/config/load.hpp"
#include "sim/model.hpp"

namespace settle {
namespace {

// The key's own rules and words for what the option of the same name takes.
void assign(RunConfig& config, const Options& options, std::string_view option) {
  const ConfigKey& key = *find_config_key("graph." + std::string(option));
  std::string value = options.text(option).value_or(std::string(key.default_text));
  if (value.empty()) options.fail("--" + std::string(option) + " is missing: it takes " + key.allowed);
  const std::string given = value;
  if (!key.assign(config, value)) options.fail("--" + std::string(option) + " " + given + ": it takes " + key.allowed);
}

ModelChoice family(const Options& options) {
  if (!options.words().empty()) options.fail("give a file or --family, not both");
  if (options.has(kGranularity.name)) options.fail("--granularity is of an .onnx file");
  RunConfig config;
  for (const Option& option : kFamilyOptions) assign(config, options, option.name);
  try {
    static_cast<void>(model_text(config.graph));
  } catch (const BadConfig& error) {
    options.fail("--" + std::string(error.what()));
  }
  return {config.graph, std::nullopt, config.graph.family + " " + options.required("layers")};
}

}  // namespace

ModelChoice choose_model(const Options& options) {
  if (options.has("family")) return family(options);
  for (const Option& option : kFamilyOptions)
    if (options.has(option.name)) options.fail("--" + std::string(option.name) + " describes a --family: give one");
  return model_of_file(options.word("MODEL"), options);
}

ModelChoice model_of_file(const std::filesystem::path& file, const Options& options) {
  ModelChoice choice;
  choice.name = file.string();
  if (file.extension() == ".ini") {
    choice.config = load_run_config({file, {}, settle_environment()});
    choice.graph = choice.config->graph;
  } else if (file.extension() == ".graph" || is_onnx(file)) {
    choice.graph.file = file;
    choice.graph.init = "default";
  } else {
    options.fail(file.string() + ": a model's file name ends in .graph or .onnx, a config's in .ini");
  }
  if (options.has(kGranularity.name)) {
    if (!is_onnx(choice.graph.file)) options.fail("--granularity is of an .onnx file");
    RunConfig config;
    assign(config, options, kGranularity.name);
    choice.graph.granularity = config.graph.granularity;
  }
  return choice;
}

}  // namespace settle
