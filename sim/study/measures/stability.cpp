// The largest value_rate at which strict relaxation of a config's model on its first batch is stable:
// sim/stability.hpp.
#include "sim/stability.hpp"
#include "graph/error.hpp"
#include "sim/session/first_batch.hpp"
#include "sim/study/keep_manifest.hpp"
#include "sim/study/measure.hpp"

namespace settle {
namespace {

void check(const RunConfig& config) {
  const auto need = [&](bool is_so, const std::string& setting) {
    if (!is_so) throw BadConfig(config.config_file.string() + ": the measure stability needs " + setting);
  };
  need(config.rule.name == "strict", "rule.name = strict");
  need(config.relax.pacing == RelaxConfig::Pacing::lockstep, "relax.pacing = lockstep");
  need(config.run.executor == RunSectionConfig::Executor::virtual_time, "run.executor = virtual");
  need(config.run.scalar == RunSectionConfig::Scalar::float64,
       "run.scalar = float64: in single precision what has settled goes on trembling");
  need(config.resolved.at("relax.value_rate").origin == "default",
       "relax.value_rate to be left out: it finds the largest that is stable");
  need(config.relax.steps.value_or(kStabilitySteps) >= 6, "6 or more relax.steps");
}

MeasureOutcome stability(const RunConfig& given, const MeasureOptions& options) {
  check(given);
  RunConfig config = given;
  config.relax.steps = given.relax.steps.value_or(kStabilitySteps);
  RunSetup<double> setup(config, options.float64.make_executor);
  keep_manifest(setup, config, options.float64);
  const GradientProblem<double> problem = first_batch(setup, config);
  const NetworkOptions network = network_options(config.network);
  const std::optional<double> rate = largest_stable_rate([&](double value_rate) {
    NodeSettings<double> settings = setup.settings();
    settings.rule = strict<double>(value_rate);
    return is_stable(problem, settings, network);
  });
  MeasureOutcome outcome;
  outcome.results["largest_stable_rate"] = rate ? nlohmann::ordered_json(*rate) : nlohmann::ordered_json();
  outcome.complete = true;
  return outcome;
}

constexpr std::string_view kColumns[] = {"largest_stable_rate"};

}  // namespace

extern const Measure kStabilityMeasure = {"stability", false, stability, kColumns, kColumns};

}  // namespace settle
