// Purpose: how long trials take, of one executor or of two in turns. On a busy machine the speed drifts: rounds A B A B
// compared pair by pair let the drift cancel. Thread rule: one caller.
#pragma once

#include <vector>

#include "actors/executor.hpp"

namespace settle {

template <class Scalar>
struct TimedTrials {
  double milliseconds = 0;  // of all
  TrialReport<Scalar> last;
};

// The same trial `count` times. Errors: Diverged naming the vertex.
template <class Scalar>
TimedTrials<Scalar> time_trials(Executor<Scalar>& executor, const Graph& graph, std::shared_ptr<const Trial> trial,
                                std::uint64_t count);

// Milliseconds a trial, by round.
struct RoundTimes {
  std::vector<double> first;
  std::vector<double> second;
};

template <class Scalar>
RoundTimes time_in_turns(Executor<Scalar>& first, Executor<Scalar>& second, const Graph& graph,
                         const std::shared_ptr<const Trial>& trial, std::uint64_t rounds, std::uint64_t per_round);

// Requires: not empty.
double median(std::vector<double> numbers);

}  // namespace settle
