#include <cstdio>
#include <iostream>

#include "tools/run_of_directory.hpp"
#include "tools/training_arguments.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "Scores the newest valid checkpoint of a run, with the config that the run's manifest keeps.\n\n"
    "  --split NAME  train, validation or test (default)\n"
    "  --json        one line of JSON\n\n"
    "  settle eval runs/fashion_mlp\n"
    "  settle eval runs/fashion_mlp --split train --json\n";

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
