// Purpose: what theory says of fixed-prediction relaxation in lockstep: after t steps at rate r a vertex d hops from
// the output has received the share
//   c_d(t) = P(Binomial(t, r) >= d)
// of its backprop gradient on a chain (on a DAG: of each path of d hops). Exact, not asymptotic.
// Callers: fidelity probe, tests, studies. Thread rule: pure.
#pragma once

#include <cstdint>

namespace settle {

// Requires: 0 < value_rate <= 1.
double received_share(std::uint64_t steps, std::uint64_t hops, double value_rate);

// The fewest steps that give at least `share`. Requires: 0 < share < 1.
std::uint64_t steps_to_receive(double share, std::uint64_t hops, double value_rate);

}  // namespace settle
