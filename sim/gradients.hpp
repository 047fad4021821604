// Purpose: the gradients of one batch as an executor finds them, their distance from backprop's, and how both develop
// step by step. Executors are made by the caller: this layer does not know all of them. Callers: `settle gradient`, the
// studies' measure `gradient`. Thread rule: one caller.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/executor.hpp"

namespace settle {

// What gradients are of: one batch on a model.
template <class Scalar>
struct GradientProblem {
  GraphPtr graph;                      // as backprop has it; executors may run it with other derivatives
  std::shared_ptr<const Trial> trial;  // clamps inputs and outputs, and reads gradients out
  State<Scalar> parameters;            // the others start from the settings' seed
};

// Makes an executor of the problem's model.
template <class Scalar>
using MakeExecutor = std::function<std::unique_ptr<Executor<Scalar>>(const NodeSettings<Scalar>& settings)>;

// dL/dtheta of a vertex's own parameters, or dL/dv of an input: tensors of full shape, by VertexId.
template <class Scalar>
using Gradients = std::vector<std::vector<Tensor<Scalar>>>;

// What the executor's last trial read out. Requires: that was the problem's trial.
template <class Scalar>
Gradients<Scalar> read_gradients(const Executor<Scalar>& executor, const GradientProblem<Scalar>& problem);

// Likewise of what was read out, by VertexId, with zeros in full where they travel as nothing.
template <class Scalar>
Gradients<Scalar> full_gradients(Gradients<Scalar> read, const GradientProblem<Scalar>& problem);

// What moves in relax, `[batch, ...]` of every free vertex: its value, or its error xi / precision.
template <class Scalar>
std::vector<Tensor<Scalar>> free_values(const Executor<Scalar>& executor, const Graph& graph, const Trial& trial,
                                        const Rule<Scalar>& rule);
template <class Scalar>
double largest_change(const std::vector<Tensor<Scalar>>& now, const std::vector<Tensor<Scalar>>& before);

// Backprop's, from the reference executor; none on a cycle, through which nothing can be propagated back.
template <class Scalar>
Gradients<Scalar> backprop_gradients(const GradientProblem<Scalar>& problem, const NodeSettings<Scalar>& settings);

// |a - b| / |b| over all parameters (inputs excluded), summed in double; exactly 0 where all elements are equal.
template <class Scalar>
double relative_error(const Graph& graph, const Gradients<Scalar>& a, const Gradients<Scalar>& b);

// The problem's trial, carried out once.
template <class Scalar>
struct GradientTrial {
  TrialReport<Scalar> report;
  Gradients<Scalar> gradients;
  std::optional<double> error;  // relative, from backprop; none where there is no backprop
  std::uint64_t steps = 0;      // acts of the busiest vertex
  std::uint64_t updates = 0;    // acts of all vertices that move
  double seconds = 0;
};

// Requires: `executor` runs the problem's model, `backprop` are the problem's. Errors: Diverged naming the vertex.
template <class Scalar>
GradientTrial<Scalar> run_gradient_trial(const GradientProblem<Scalar>& problem, Executor<Scalar>& executor,
                                         const Gradients<Scalar>& backprop);

// CSV "step,free_energy,gradient_error,max_update,messages", rows t = 0..steps. Lockstep runs exactly the steps it is
// told and ends with the gradients read out from the errors of that moment, so row t is a run of t steps of its own;
// max_update: the largest change in step t of any free value (under fixed prediction of v = v^ + error).
// Requires: lockstep, a rule.
template <class Scalar>
std::string gradient_trace(const GradientProblem<Scalar>& problem, const NodeSettings<Scalar>& settings,
                           const MakeExecutor<Scalar>& make, const Gradients<Scalar>& backprop);

}  // namespace settle
