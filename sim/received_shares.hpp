// Purpose: which closed form (graph/closed_form.hpp) a run's relaxation follows, and the gradient error that it
// predicts. Theory speaks of fixed prediction with all derivatives
//   in lockstep, messages late by a constant number of steps; its time is the step;
//   in virtual time under wake `eager` with tolerances of 0 and no limit of steps, every vertex acting at every tick
//   and every message flying the same whole number of ticks; its time is the tick.
// Callers: the session, studies, traces. Thread rule: values; pure functions.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "sim/config/run_config.hpp"
#include "sim/gradients.hpp"

namespace settle {

// The share of its gradient that a vertex so many hops from the output has received by then.
using ReceivedShares = std::function<double(std::uint64_t time, std::uint64_t hops)>;

// None where theory says nothing of the run.
std::optional<ReceivedShares> received_shares(const RunConfig& config);

// The relative L2 error over all parameters at a time, sqrt(sum_v (1 - c_v)^2 |g_v|^2 / sum_v |g_v|^2), from the parts
// g_v of backprop's gradient and the share c_v that each has received by then.
class PredictedError {
 public:
  // None where vertices have paths of several lengths to the outputs, an output is free, or a precision is no constant.
  template <class Scalar>
  static std::optional<PredictedError> of(const GradientProblem<Scalar>& problem, const Gradients<Scalar>& backprop,
                                          ReceivedShares shares);

  double operator()(std::uint64_t time) const;

 private:
  explicit PredictedError(ReceivedShares shares) : shares_(std::move(shares)) {}

  ReceivedShares shares_;
  std::vector<double> squares_;  // |g|^2 of all vertices so many hops from the output
};

}  // namespace settle
