#include "sim/study/determined.hpp"

namespace settle {
namespace {

bool is_exact(const RunConfig& config) {
  return config.rule.name == "fixed_prediction" && config.relax.value_rate == 1 &&
         config.relax.tolerance.value_or(0) == 0 && !config.relax.steps;
}

}  // namespace

bool counts_are_determined(const RunConfig& config) {
  if (config.run.executor != RunSectionConfig::Executor::caf || config.rule.name == "backprop") return true;
  if (config.relax.pacing == RelaxConfig::Pacing::lockstep) return true;
  return is_exact(config) && config.relax.wake.value_or(RelaxConfig::Wake::gather) == RelaxConfig::Wake::gather;
}

bool values_are_determined(const RunConfig& config) { return counts_are_determined(config) || is_exact(config); }

}  // namespace settle
