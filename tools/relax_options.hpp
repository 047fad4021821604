// Purpose: the options by which a command is told how to relax, and what they say. What is not said comes from a CONFIG
// where there is one, else from sim/relax_defaults.hpp. Thread rule: pure. Errors: UsageError.
#pragma once

#include <optional>

#include "sim/relax_defaults.hpp"
#include "tools/options.hpp"

namespace settle {

inline constexpr Option kRule = {
    "rule", "R", "fixed_prediction (default), strict, incremental, zero_divergence, activation_relaxation or backprop"};
inline constexpr Option kPacing = {"pacing", "P", "asynchronous (default) or lockstep"};
inline constexpr Option kWake = {"wake", "W", "gather or eager (default: as the rule wants it)"};
inline constexpr Option kValueRate = {"value-rate", "X",
                                      "step size, or auto for strict (default: 1 for fixed_prediction and "
                                      "zero_divergence, else 0.1)"};
inline constexpr Option kSteps = {"steps", "N", "lockstep: how many; asynchronous: most acts of a vertex"};
inline constexpr Option kTolerance = {"tolerance", "X", "when a value counts as settled"};
inline constexpr Option kSendTolerance = {"send-tolerance", "X",
                                          "asynchronous: what change is worth a message (default: as tolerance)"};
inline constexpr Option kSendDelta = {"send-delta", "D", "the change is mixed (default), absolute or relative"};
inline constexpr Option kThreads = {"threads", "N", "of the actors (default: 1)"};
inline constexpr Option kScalar = {"scalar", "S", "float32 (default) or float64"};
inline constexpr Option kSeed = {"seed", "N", "of parameters without given values (default: 1)"};

struct RelaxChoice {
  RuleChoice rule;
  unsigned threads = 1;
  bool float64 = false;
  std::uint64_t seed = 1;
};

RelaxChoice relax_choice(const Options& options, const std::optional<RunConfig>& config);

}  // namespace settle
