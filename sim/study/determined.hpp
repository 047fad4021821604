// Purpose: which of a run's figures are functions of its config, and which depend on the order in which actors happen
// to run: the former belong into results.csv, the latter into timing.csv. Callers: measures. Thread rule: pure.
#pragma once

#include "sim/config/run_config.hpp"

namespace settle {

// Of messages, acts and ages.
bool counts_are_determined(const RunConfig& config);
// Of errors and parameters: so too where any order gives the same bits.
bool values_are_determined(const RunConfig& config);

}  // namespace settle
