// Purpose: the largest rate at which a relaxation in lockstep is stable, by trial. Of a relaxation's steps, with the
// largest |change| of any value in each: it is stable where in the last sixth these stay below 0.99 times those of the
// third between one half and two thirds, or below 1e-12, and none exceeds 1e3. A growing and a sustained oscillation
// are unstable. Callers: the studies' measure `stability`, tests. Thread rule: one caller.
#pragma once

#include <functional>
#include <optional>

#include "sim/gradients.hpp"
#include "sim/virtual/network_options.hpp"

namespace settle {

// Steps after which what is just unstable has shown it.
inline constexpr std::uint64_t kStabilitySteps = 6000;

// Relaxes the problem's batch in virtual time. Requires: a rule that moves values, lockstep, steps >= 6, double: in
// single precision what has settled goes on trembling.
bool is_stable(const GradientProblem<double>& problem, const NodeSettings<double>& settings,
               const NetworkOptions& network);

// By bisection, to one in a thousand, the largest rate found stable; 0 where none above 1e-9 is, none where 1e6 is.
std::optional<double> largest_stable_rate(const std::function<bool(double rate)>& stable);

}  // namespace settle
