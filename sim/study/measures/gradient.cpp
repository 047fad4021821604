// One clamp-predict-relax of a config's model on its first batch: how far the gradients are from backprop's, what
// theory says of that, and what it took.
#include "sim/received_shares.hpp"
#include "sim/session/first_batch.hpp"
#include "sim/study/determined.hpp"
#include "sim/study/keep_manifest.hpp"
#include "sim/study/measure.hpp"
#include "sim/virtual/gradient_trace.hpp"

namespace settle {
namespace {

using nlohmann::ordered_json;

template <class Scalar>
using Trace = VirtualGradientTrace<Scalar>;

// The mean age of a slot when it was used and the age that 99 in 100 do not exceed, in versions; null where none was
// counted. What is older than the histogram shows counts as its last entry.
void add_ages(const AgeHistogram& ages, ordered_json& to) {
  std::uint64_t count = 0;
  std::uint64_t sum = 0;
  for (std::size_t age = 0; age < ages.size(); ++age) {
    count += ages[age];
    sum += age * ages[age];
  }
  std::size_t p99 = 0;
  for (std::uint64_t below = ages[0]; p99 + 1 < ages.size() && below * 100 < count * 99; below += ages[++p99]) {
  }
  to["slot_age_mean"] =
      count == 0 ? ordered_json() : ordered_json(static_cast<double>(sum) / static_cast<double>(count));
  to["slot_age_p99"] = count == 0 ? ordered_json() : ordered_json(p99);
}

template <class Scalar>
class GradientMeasure {
 public:
  GradientMeasure(const RunConfig& config, const SessionOptions<Scalar>& options)
      : config_(config),
        setup_(config, options.make_executor),
        problem_(first_batch(setup_, config)),
        backprop_(backprop_gradients(problem_, setup_.settings())) {
    keep_manifest(setup_, config, options);
    if (auto shares = received_shares(config)) predicted_ = PredictedError::of(problem_, backprop_, std::move(*shares));
  }

  MeasureOutcome run() {
    MeasureOutcome outcome;
    outcome.trace = trace();
    // On actors, where time is measured, the first trial also finds its memory.
    if (on_actors()) run_gradient_trial(problem_, setup_.executor(), backprop_);
    const GradientTrial<Scalar> trial = run_gradient_trial(problem_, setup_.executor(), backprop_);
    ordered_json& values = values_are_determined(config_) ? outcome.results : outcome.timings;
    values["gradient_error"] = trial.error ? ordered_json(*trial.error) : ordered_json();
    values["gradient_error_closed_form"] = predicted_ ? ordered_json((*predicted_)(end())) : ordered_json();
    ordered_json& counts = counts_are_determined(config_) ? outcome.results : outcome.timings;
    counts["messages"] = trial.report.messages;
    counts["acts"] = trial.updates;
    counts["unsettled"] = trial.report.unsettled;
    if (setup_.virtual_time()) counts["virtual_ticks"] = setup_.virtual_time()->last().settled_after;
    add_ages(setup_.executor().ages(), counts);
    outcome.timings["seconds"] = trial.seconds;
    outcome.complete = true;
    return outcome;
  }

 private:
  bool lockstep() const { return config_.relax.pacing == RelaxConfig::Pacing::lockstep; }
  bool on_actors() const { return setup_.settings().rule && config_.run.executor == RunSectionConfig::Executor::caf; }

  // In the time that the closed form counts.
  std::uint64_t end() {
    return lockstep() ? setup_.settings().steps.value() : setup_.virtual_time()->last().settled_after;
  }

  // In lockstep every executor makes the same bits, so virtual time can show the steps of any. Empty where there are no
  // steps, and virtual time is not sampled.
  std::string trace() {
    const NodeSettings<Scalar>& settings = setup_.settings();
    const bool sampled = setup_.virtual_time() && config_.network.sample_every > 0;
    if (!settings.rule || backprop_.empty() || !(lockstep() || sampled)) return "";
    const auto executor = make_virtual_time_executor(setup_.run_graph(), settings, network_options(config_.network));
    typename Trace<Scalar>::ClosedForm closed_form;
    if (predicted_)
      closed_form = [this](const RelaxationSample<Scalar>& sample) {
        return (*predicted_)(lockstep() ? sample.step() : sample.tick());
      };
    Trace<Scalar> trace(*executor, problem_, *settings.rule, backprop_, closed_form);
    executor->observe_with(&trace);
    run_gradient_trial(problem_, *executor, backprop_);
    return trace.csv();
  }

  const RunConfig& config_;
  RunSetup<Scalar> setup_;
  GradientProblem<Scalar> problem_;
  Gradients<Scalar> backprop_;
  std::optional<PredictedError> predicted_;
};

MeasureOutcome gradient(const RunConfig& given, const MeasureOptions& options) {
  RunConfig config = given;
  config.probe.staleness = 1;
  return in_precision_of(config, options, [&]<class Scalar>(const SessionOptions<Scalar>& of_scalar) {
    return GradientMeasure<Scalar>(config, of_scalar).run();
  });
}

constexpr std::string_view kColumns[] = {"gradient_error", "gradient_error_closed_form",
                                         "messages",       "acts",
                                         "unsettled",      "virtual_ticks",
                                         "slot_age_mean",  "slot_age_p99",
                                         "seconds"};
constexpr std::string_view kMain[] = {"gradient_error", "messages"};

}  // namespace

extern const Measure kGradientMeasure = {"gradient", false, gradient, kColumns, kMain};

}  // namespace settle
