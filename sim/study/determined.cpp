#include "sim/study/determined.hpp"

namespace settle {
namespace {

bool gathers(const RunConfig& config) {
  return config.relax.wake.value_or(RelaxConfig::Wake::gather) == RelaxConfig::Wake::gather;
}

// Where a vertex gathers it acts once, and no limit of its steps is ever reached.
bool is_exact(const RunConfig& config) {
  const RelaxConfig& relax = config.relax;
  const double tolerance = relax.tolerance.value_or(0);
  return config.rule.name == "fixed_prediction" && relax.value_rate == 1 && (!relax.steps || gathers(config)) &&
         tolerance == 0 && relax.send_tolerance.value_or(tolerance) == 0;
}

}  // namespace

bool counts_are_determined(const RunConfig& config) {
  if (config.run.executor != RunSectionConfig::Executor::caf || config.rule.name == "backprop") return true;
  if (config.relax.pacing == RelaxConfig::Pacing::lockstep) return true;
  return is_exact(config) && gathers(config);
}

bool values_are_determined(const RunConfig& config) { return counts_are_determined(config) || is_exact(config); }

}  // namespace settle
