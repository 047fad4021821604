#include "sim/study/measure.hpp"

namespace settle {
namespace {

// Whether the count of messages is a function of the config, not of the order in which actors happen to run.
bool counts_are_determined(const RunConfig& config) {
  if (config.run.executor != RunSectionConfig::Executor::caf || config.rule.name == "backprop") return true;
  if (config.relax.pacing == RelaxConfig::Pacing::lockstep) return true;
  return config.rule.name == "fixed_prediction" && config.relax.value_rate == 1 &&
         config.relax.wake.value_or(RelaxConfig::Wake::gather) == RelaxConfig::Wake::gather;
}

MeasureOutcome train(const RunConfig& config, const SessionRunner& run_session) {
  const SessionOutcome session = run_session(config);
  MeasureOutcome outcome;
  outcome.complete = session.complete;
  if (!outcome.complete) return outcome;
  for (const char* name : {"test_accuracy", "test_loss", "train_loss", "trials", "parameters_sha256"})
    outcome.results[name] = session.result.at(name);
  outcome.timings["seconds"] = session.result.at("seconds");
  (counts_are_determined(config) ? outcome.results : outcome.timings)["messages"] = session.result.at("messages");
  return outcome;
}

constexpr std::string_view kColumns[] = {"test_accuracy", "test_loss", "train_loss",       "trials",
                                         "messages",      "seconds",   "parameters_sha256"};
constexpr std::string_view kMain[] = {"test_accuracy", "test_loss", "messages"};

}  // namespace

extern const Measure kTrainMeasure = {"train", train, kColumns, kMain};

}  // namespace settle
