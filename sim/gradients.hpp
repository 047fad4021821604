// Purpose: a case's gradients as an executor finds them, their distance from backprop's, and how both develop step by
// step. Executors are made by the caller: this layer does not know all of
// them. Thread rule: one caller.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "sim/gradient_case.hpp"

namespace settle {

// Makes an executor of the case's model.
template <class Scalar>
using MakeExecutor = std::function<std::unique_ptr<Executor<Scalar>>(const NodeSettings<Scalar>& settings)>;

// dL/dtheta of a vertex's own parameters, or dL/dv of an input: tensors of full shape, by VertexId.
template <class Scalar>
using Gradients = std::vector<std::vector<Tensor<Scalar>>>;

// What the executor's last trial read out. Requires: that was the case's trial.
template <class Scalar>
Gradients<Scalar> read_gradients(const Executor<Scalar>& executor, const GradientCase<Scalar>& gradient_case);

// Likewise of what was read out, by VertexId, with zeros in full where they travel as nothing.
template <class Scalar>
Gradients<Scalar> full_gradients(Gradients<Scalar> read, const GradientCase<Scalar>& gradient_case);

// What moves in relax, `[batch, ...]` of every free vertex: its value, or its error xi / precision.
template <class Scalar>
std::vector<Tensor<Scalar>> free_values(const Executor<Scalar>& executor, const Graph& graph, const Trial& trial,
                                        const Rule<Scalar>& rule);
template <class Scalar>
double largest_change(const std::vector<Tensor<Scalar>>& now, const std::vector<Tensor<Scalar>>& before);

// Backprop's, from the reference executor, with the parameters that `settings` and the case give.
template <class Scalar>
Gradients<Scalar> backprop_gradients(const GradientCase<Scalar>& gradient_case, const NodeSettings<Scalar>& settings);

// |a - b| / |b| over all parameters (inputs excluded), summed in double; exactly 0 where all elements are equal.
template <class Scalar>
double relative_error(const Graph& graph, const Gradients<Scalar>& a, const Gradients<Scalar>& b);

// CSV "step,free_energy,gradient_error,max_update,messages", rows t = 0..steps. Lockstep runs exactly the steps it is
// told and ends with the gradients read out from the errors of that moment, so row t is a run of t steps of its own;
// max_update: the largest change in step t of any free value (under fixed prediction of v = v^ + error).
// Requires: lockstep, a rule, `settings.source` the case.
template <class Scalar>
std::string gradient_trace(const GradientCase<Scalar>& gradient_case, const NodeSettings<Scalar>& settings,
                           const MakeExecutor<Scalar>& make, const Gradients<Scalar>& backprop);

}  // namespace settle
