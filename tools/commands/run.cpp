#include <cstdio>
#include <iostream>

#include "graph/error.hpp"
#include "sim/config/load.hpp"
#include "tools/report_at_end.hpp"
#include "tools/training_arguments.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "Every key of the config is also an option, --section.key=value; `settle help config` lists them.\n"
    "The run is kept in runs/NAME_OF_CONFIG (run.directory): manifest.json, metrics.jsonl, checkpoints/, result.json "
    "and,\n"
    "at the end, report.html (settle help report; --run.report=off leaves it out).\n"
    "The same command again goes on where it stopped; on a finished run it prints the stored result.\n"
    "Ctrl-C or SIGTERM: stops at the next trial with a checkpoint, exit code 75; a second one: out at once.\n\n"
    "  --json   print the result as one line of JSON\n"
    "  --quiet  no progress\n\n"
    "  settle run configs/fashion_mlp.ini\n"
    "  settle run configs/fashion_mlp.ini --learn.epochs=20 --run.threads=2\n"
    "  settle run configs/fashion_mlp.ini --rule.name=backprop --run.directory=runs/backprop --json\n";

void print(const std::string& name, const nlohmann::json& result) {
  const nlohmann::json& loss = result.at(name + "_loss");
  if (loss.is_null()) return;
  const nlohmann::json& accuracy = result.at(name + "_accuracy");
  std::printf("%-20s%.4f\n", (name + " loss").c_str(), loss.get<double>());
  if (!accuracy.is_null()) std::printf("%-20s%.2f %%\n", (name + " accuracy").c_str(), 100 * accuracy.get<double>());
}

template <class Scalar>
int run_as(const RunConfig& config, const Arguments& arguments, const TrainingArguments& parsed) {
  const SessionOutcome outcome = run_session<Scalar>(config, session_options<Scalar>(arguments, parsed));
  const nlohmann::json& result = outcome.result;
  if (outcome.complete && config.run.report) report_at_end(config.run.directory);
  if (parsed.json) {
    std::cout << result.dump() << "\n";
  } else if (outcome.complete) {
    print("train", result);
    if (result.contains("validation_loss")) print("validation", result);
    print("test", result);
    std::printf("%-20s%llu (%llu epochs, %.1f s)\n", "trials",
                static_cast<unsigned long long>(result.at("trials").get<std::uint64_t>()),
                static_cast<unsigned long long>(result.at("epochs").get<std::uint64_t>()),
                result.at("seconds").get<double>());
    std::printf("%-20s%s\n", "parameters sha256", result.at("parameters_sha256").get<std::string>().c_str());
    std::printf("%-20s%s\n", "kept in", result.at("directory").get<std::string>().c_str());
  }
  return static_cast<int>(outcome.complete ? ExitCode::ok : ExitCode::stopped_early);
}

int run(const Arguments& arguments) {
  const TrainingArguments parsed = training_arguments(arguments, "CONFIG", {"json", "quiet"});
  const RunConfig config = load_run_config({parsed.target, parsed.settings, settle_environment()});
  return config.run.scalar == RunSectionConfig::Scalar::float64 ? run_as<double>(config, arguments, parsed)
                                                                : run_as<float>(config, arguments, parsed);
}

}  // namespace

extern const Command kRunCommand = {
    "run",
    "CONFIG [--section.key=value ...] [--json] [--quiet]",
    "train and evaluate; the same command again resumes",
    {},
    kDetails,
    run,
};

}  // namespace settle
