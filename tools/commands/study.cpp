#include <cstdio>
#include <iostream>

#include "graph/error.hpp"
#include "sim/study/study.hpp"
#include "tools/report_at_end.hpp"
#include "tools/training_arguments.hpp"

namespace settle {
namespace {

constexpr std::string_view kDetails =
    "CONFIG is a run's config with a section [study]:\n"
    "  relax.tolerance = 0, 1e-4       a key of the config takes these values in turn\n"
    "  net = 0, 1, 2                   {net} in the config's other values is replaced\n"
    "  width = log(10, 1000, 3)        10, 100, 1000; linear(from, to, count) likewise\n"
    "  zip = net, width; a, b          net and width go together, a and b too; all others are crossed\n"
    "  seeds = 3                       run.seed is 1, 2, 3; a list gives the seeds themselves\n"
    "  measure = train                 what a row does: train (a whole `settle run`), gradient (relaxes one batch and\n"
    "                                  compares with backprop) or stability (the largest stable rate of strict)\n"
    "  jobs = 2                        rows at once (default: cores by run.threads)\n"
    "  x, y, series, log               what the report draws: x = COLUMN, y = RESULT, ..., series = VARIABLE, ...\n"
    "                                  (a line each), log = none|x|y|xy; other axes draw the same rows\n"
    "Double quotes keep a comma in a value. --study.NAME=VALUES replaces a line.\n"
    "Kept in runs/NAME_OF_CONFIG (run.directory): manifest.json, rows/NNNN/{log,run,trace.csv,result.json},\n"
    "results.csv (only what is a function of config and seed), timing.csv and, at the end, report.html (settle help\n"
    "report; --run.report=off leaves it out). A row that diverges is a result.\n"
    "The same command again goes on with the rows that are not done; Ctrl-C or SIGTERM: exit code 75.\n\n"
    "  --json           result on stdout\n"
    "  --quiet          no progress on stderr\n\n"
    "Examples:\n"
    "  settle study configs/study_rules.ini\n"
    "  settle study configs/study_rules.ini --study.seeds=5 --run.directory=runs/rules5\n";

int run(const Arguments& arguments) {
  const TrainingArguments parsed = training_arguments(arguments, "CONFIG", {"json", "quiet"});
  const StudyPlan plan = load_study_plan({parsed.target, parsed.settings, settle_environment()});
  const MeasureOptions options = {session_options<float>(arguments, parsed),
                                  session_options<double>(arguments, parsed)};
  const StudyOutcome outcome = run_study(plan, options, parsed.quiet);
  if (outcome.complete && plan.rows.front().config.run.report) report_at_end(plan.directory);
  if (parsed.json) {
    std::cout << nlohmann::json{{"directory", plan.directory.string()},
                                {"rows", outcome.rows},
                                {"diverged", outcome.diverged},
                                {"failed", outcome.failed}}
                     .dump()
              << "\n";
  } else if (outcome.complete) {
    std::printf("%zu rows (%zu diverged, %zu failed): %s\n", outcome.rows, outcome.diverged, outcome.failed,
                (plan.directory / "results.csv").c_str());
  }
  if (!outcome.complete) return static_cast<int>(ExitCode::stopped_early);
  return outcome.exit_code;
}

}  // namespace

extern const Command kStudyCommand = {
    "study",
    "CONFIG [--section.key=value ...] [--json] [--quiet]",
    "train a config once for each of many settings; the same command again resumes",
    {},
    kDetails,
    run,
};

}  // namespace settle
