// Purpose: the Executor over `Reference`: one plain loop, no messages. Runs the `backprop` rule, and every other rule
// in lockstep: the oracle of parity tests and the `direct` baseline of benchmarks.
#pragma once

#include "actors/executor.hpp"

namespace settle {

// `settings.rule` null: backprop. Otherwise `settings.steps` lockstep steps of that rule. Requires: `settings.source`
// outlives the executor. Errors: BadConfig for a rule without steps.
template <class Scalar>
std::unique_ptr<Executor<Scalar>> make_reference_executor(GraphPtr graph, const NodeSettings<Scalar>& settings);

}  // namespace settle
