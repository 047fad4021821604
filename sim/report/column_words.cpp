#include "sim/report/column_words.hpp"

namespace settle {
namespace {

struct Entry {
  const char* column;
  const char* label;
  const char* unit;
  const char* glossary;
  double scale = 1;
};

constexpr const char* kAccuracy = "Share of samples whose largest prediction is their class, after the last trial.";
constexpr const char* kLoss = "Mean loss of a sample, after the last trial.";

constexpr Entry kEntries[] = {
    {"test_accuracy", "test accuracy", "% of samples", kAccuracy, 100},
    {"train_accuracy", "training accuracy", "% of samples", kAccuracy, 100},
    {"test_loss", "test loss", "nats per sample", kLoss},
    {"train_loss", "training loss", "nats per sample", kLoss},
    {"messages", "messages", "count", "Messages between vertices in all: what asynchrony and sparsity save or cost."},
    {"messages_per_trial", "messages a trial", "count", "Messages between vertices, in the mean over the trials."},
    {"seconds_per_trial", "time a trial", "ms", "Time on the clock over trials: with evaluations, on a machine's load.",
     1000},
    {"acts", "acts", "count", "Acts of vertices in all."},
    {"updates", "acts", "count", "Acts of vertices in all."},
    {"bytes", "bytes", "count", "Bytes that messages between vertices carried."},
    {"trials", "trials", "count", ""},
    {"seconds", "time", "s", "Time on the clock: what the machine and its load made of it."},
    {"gradient_error", "gradient error", "relative to backprop",
     "|g - g_bp| / |g_bp| over all parameters: how far the relaxed gradient g is from backprop's g_bp. 0 is exact; "
     "where nothing has been received it is 1."},
    {"gradient_error_closed_form", "gradient error, closed form", "relative to backprop",
     "After t steps with messages d steps late, a vertex k hops from the outputs has received the share "
     "c = P(Binomial(t - (k - 1) d, value_rate) >= k) of its gradient g; acting at every tick over flights of L ticks, "
     "at tick t, P(Binomial(t - k (L - 1), value_rate) >= k). The error is |(1 - c) g| / |g| over all vertices."},
    {"free_energy", "free energy", "nats per batch", "The sum of all vertices' energies when relaxation has ended."},
    {"largest_stable_rate", "largest stable rate", "per step",
     "The largest relax.value_rate at which relaxation still comes to rest."},
    {"virtual_ticks", "virtual time", "ticks", "Virtual time until the last vertex had settled."},
    {"unsettled", "unsettled vertices", "count", "Vertices that stopped at relax.steps before they had settled."},
    {"slot_age_mean", "mean slot age", "versions",
     "How far behind its sender's newest a message was when it was used. 0: nothing stale was used."},
    {"slot_age_p99", "slot age, 99th percentile", "versions",
     "How far behind its sender's newest a message was when it was used: 99 in 100 no farther."},
    // Variables.
    {"relax.steps", "relax.steps", "steps", ""},
    {"steps", "steps", "count", ""},
    {"relax.value_rate", "relax.value_rate", "per step", ""},
    {"network.delay", "network.delay", "steps", ""},
    {"delay", "delay", "steps", ""},
    {"relax.tolerance", "relax.tolerance", "relative", ""},
    {"relax.send_tolerance", "relax.send_tolerance", "relative", ""},
    {"learn.batch", "learn.batch", "samples", ""},
    {"learn.epochs", "learn.epochs", "passes", ""},
    {"learn.learning_rate", "learn.learning_rate", "per trial", ""},
    {"run.threads", "run.threads", "count", ""},
};

}  // namespace

ColumnWords column_words(const std::string& column) {
  for (const Entry& entry : kEntries)
    if (column == entry.column) return {entry.label, entry.unit, entry.glossary, entry.scale};
  return {column, "", "", 1};
}

}  // namespace settle
