#include "graph/error.hpp"
#include "sim/session/first_batch.hpp"
#include "sim/session/saved_run.hpp"
#include "sim/study/determined.hpp"
#include "sim/study/measure.hpp"

namespace settle {
namespace {

using nlohmann::ordered_json;

// Of the trained model on the run's first batch. Null where there is no backprop, or no rest.
template <class Scalar>
ordered_json gradient_error(const RunConfig& config, const SessionOptions<Scalar>& options) {
  RunSetup<Scalar> setup(config, options.make_executor);
  restore_checkpoint(setup.executor(), newest_checkpoint<Scalar>(config, "measure"));
  const GradientProblem<Scalar> problem = first_batch(setup, config);
  const Gradients<Scalar> backprop = backprop_gradients(problem, setup.settings());
  if (backprop.empty()) return {};
  try {
    return run_gradient_trial(problem, setup.executor(), backprop).error.value();
  } catch (const Diverged&) {
    return {};
  }
}

template <class Scalar>
MeasureOutcome train_in(const RunConfig& config, const SessionOptions<Scalar>& options) {
  const SessionOutcome session = run_session(config, options);
  MeasureOutcome outcome;
  outcome.complete = session.complete;
  if (!outcome.complete) return outcome;
  ordered_json& values = values_are_determined(config) ? outcome.results : outcome.timings;
  for (const char* name : {"test_accuracy", "test_loss", "train_loss", "parameters_sha256"})
    values[name] = session.result.at(name);
  values["gradient_error"] = gradient_error(config, options);
  outcome.results["trials"] = session.result.at("trials");
  outcome.timings["seconds"] = session.result.at("seconds");
  (counts_are_determined(config) ? outcome.results : outcome.timings)["messages"] = session.result.at("messages");
  return outcome;
}

MeasureOutcome train(const RunConfig& config, const MeasureOptions& options) {
  return in_precision_of(config, options, [&](const auto& of_scalar) { return train_in(config, of_scalar); });
}

constexpr std::string_view kColumns[] = {"test_accuracy",  "test_loss", "train_loss", "parameters_sha256",
                                         "gradient_error", "trials",    "messages",   "seconds"};
constexpr std::string_view kMain[] = {"test_accuracy", "test_loss", "messages"};

}  // namespace

extern const Measure kTrainMeasure = {"train", true, train, kColumns, kMain};

}  // namespace settle
