// Purpose: the gradient problem of a run's first batch: the samples of its first trial, at the parameters that its
// executor has now. Callers: the measures of studies. Thread rule: one caller.
#pragma once

#include "sim/gradients.hpp"
#include "sim/session/run_setup.hpp"

namespace settle {

// Requires: `config` made the setup.
template <class Scalar>
GradientProblem<Scalar> first_batch(RunSetup<Scalar>& setup, const RunConfig& config);

}  // namespace settle
