// Purpose: what theory says of fixed-prediction relaxation in lockstep: after t steps at rate r a vertex d hops from
// the output has received the share
//   c_d(t) = P(Binomial(t, r) >= d)
// of its backprop gradient on a chain (on a DAG: of each path of d hops). Exact, not asymptotic.
// Where messages are late each hop adds its lateness: with N(t) the successes of t draws,
//   x_k(t + 1) = (1 - r) x_k(t) + r x_{k-1}(t - d),  x_0 = 1,  x_k(0) = 0
// is the recursion of P(N(t) >= k) in the time t - (lateness of k hops) of vertex k, by induction over k.
// Callers: fidelity probe, tests, studies. Thread rule: pure.
#pragma once

#include <cstdint>

namespace settle {

// Requires: 0 < value_rate <= 1.
double received_share(std::uint64_t steps, std::uint64_t hops, double value_rate);

// Lockstep where what a vertex is given at step t was sent at step max(0, t - delay). The first hop is not late: the
// output's feedback is constant, and that of step 0 is there from the first step on.
//   c_d(t) = P(Binomial(t - (d - 1) delay, r) >= d)
double received_share_delayed(std::uint64_t steps, std::uint64_t hops, double value_rate, std::uint64_t delay);

// Asynchronous eager acts at every tick, after the acts of tick t, where each message flies `latency` >= 1 ticks. An
// empty slot counts as zero, so the first hop is late too. Latency 1 is lockstep.
//   c_d(t) = P(Binomial(t - d (latency - 1), r) >= d)
double received_share_in_flight(std::uint64_t ticks, std::uint64_t hops, double value_rate, std::uint64_t latency);

// The fewest steps that give at least `share`. Requires: 0 < share < 1.
std::uint64_t steps_to_receive(double share, std::uint64_t hops, double value_rate);

}  // namespace settle
