#include <cstdio>
#include <iostream>

#include "graph/error.hpp"
#include "sim/config/load.hpp"
#include "sim/config/resume.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"
#include "tools/training_arguments.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "Scores the newest valid checkpoint of a run, with the config that the run's manifest keeps.\n\n"
    "  --split NAME  train, validation or test (default)\n"
    "  --json        one line of JSON\n\n"
    "  settle eval runs/fashion_mlp\n"
    "  settle eval runs/fashion_mlp --split train --json\n";

// The run's own config, from its manifest.
RunConfig config_of_run(const std::filesystem::path& directory, std::vector<std::string> settings) {
  const std::filesystem::path file = directory / "manifest.json";
  const std::optional<nlohmann::json> manifest = read_run_manifest(directory);
  if (!manifest) throw MissingInput(file.string() + ": no such file; give the directory of a run: runs/fashion_mlp");
  std::vector<std::string> arguments;
  for (const auto& [key, text] : resolved_texts(*manifest, file.string()))
    if (!text.empty() && key != "run.directory") arguments.push_back("--" + key + "=" + text);
  arguments.push_back("--run.directory=" + std::filesystem::absolute(directory).string());
  arguments.insert(arguments.end(), settings.begin(), settings.end());
  return load_run_config({file, arguments, {}}, "");
}

template <class Scalar>
int eval_as(const RunConfig& config, const Arguments& arguments, const TrainingArguments& parsed) {
  const nlohmann::json score = evaluate_run<Scalar>(config, parsed.split, session_options<Scalar>(arguments, parsed));
  if (parsed.json) {
    std::cout << score.dump() << "\n";
    return 0;
  }
  std::printf("%s loss %.4f", parsed.split.c_str(), score.at("loss").get<double>());
  if (!score.at("accuracy").is_null()) std::printf(", accuracy %.2f %%", 100 * score.at("accuracy").get<double>());
  std::printf(" (%llu samples, after trial %llu)\n",
              static_cast<unsigned long long>(score.at("samples").get<std::uint64_t>()),
              static_cast<unsigned long long>(score.at("trials").get<std::uint64_t>()));
  return 0;
}

int eval(const Arguments& arguments) {
  const TrainingArguments parsed = training_arguments(arguments, "RUN_DIR", {"json", "split"});
  const RunConfig config = config_of_run(parsed.target, parsed.settings);
  return config.run.scalar == RunSectionConfig::Scalar::float64 ? eval_as<double>(config, arguments, parsed)
                                                                : eval_as<float>(config, arguments, parsed);
}

}  // namespace

extern const Command kEvalCommand = {
    "eval", "RUN_DIR [--split NAME] [--json]", "score the newest checkpoint of a run", {}, kDetails, eval,
};

}  // namespace settle
