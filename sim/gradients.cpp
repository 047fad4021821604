#include "sim/gradients.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <functional>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "sim/config/key_types.hpp"

namespace settle {

template <class Scalar>
std::vector<Tensor<Scalar>> free_values(const Executor<Scalar>& executor, const Graph& graph, const Trial& trial,
                                        const Rule<Scalar>& rule) {
  std::vector<Tensor<Scalar>> values(graph.size());
  for (VertexId id = 0; id < graph.size(); ++id) {
    if (graph[id].kind == VertexKind::parameter || (*trial.clamped)[id]) continue;
    values[id] = executor.observe(id, rule.moves_values() ? Quantity::value : Quantity::weighted_error);
    if (rule.moves_values()) continue;
    const Tensor<Scalar> precision = executor.observe(id, Quantity::precision);
    std::ranges::transform(values[id].flat(), precision.flat(), values[id].data(), std::divides<>{});
  }
  return values;
}

template <class Scalar>
double largest_change(const std::vector<Tensor<Scalar>>& now, const std::vector<Tensor<Scalar>>& before) {
  double largest = 0;
  for (std::size_t id = 0; id < now.size(); ++id)
    for (std::size_t i = 0; i < now[id].flat().size(); ++i)
      largest = std::max(largest,
                         std::abs(static_cast<double>(now[id].flat()[i]) - static_cast<double>(before[id].flat()[i])));
  return largest;
}

template <class Scalar>
Gradients<Scalar> read_gradients(const Executor<Scalar>& executor, const GradientProblem<Scalar>& problem) {
  Gradients<Scalar> read;
  for (VertexId id = 0; id < problem.graph->size(); ++id) read.push_back(executor.gradients(id));
  return full_gradients(std::move(read), problem);
}

template <class Scalar>
Gradients<Scalar> full_gradients(Gradients<Scalar> all_read, const GradientProblem<Scalar>& problem) {
  const Graph& graph = *problem.graph;
  Gradients<Scalar> all(graph.size());
  const auto full = [](Tensor<Scalar> tensor, const Shape& shape) {
    return tensor.size() > 0 ? std::move(tensor) : Tensor<Scalar>(shape);  // zero travels as nothing
  };
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    std::vector<Tensor<Scalar>>& read = all_read[id];
    if (vertex.kind == VertexKind::input) {
      if (read.empty()) read.emplace_back();
      all[id].push_back(full(std::move(read[0]), vertex.shape.with_batch(problem.trial->batch())));
    }
    if (vertex.kind == VertexKind::input) continue;
    for (std::size_t k = 0; k < vertex.parameters.size(); ++k)
      all[id].push_back(full(k < read.size() ? std::move(read[k]) : Tensor<Scalar>(), vertex.parameters[k].shape));
  }
  return all;
}

template <class Scalar>
Gradients<Scalar> backprop_gradients(const GradientProblem<Scalar>& problem, const NodeSettings<Scalar>& settings) {
  if (!problem.graph->acyclic()) return {};
  NodeSettings<Scalar> backprop = settings;
  backprop.rule = nullptr;
  const auto executor = make_reference_executor<Scalar>(problem.graph, backprop);
  executor->restore(problem.parameters, true);
  run_trial(*executor, problem.trial);
  return read_gradients(*executor, problem);
}

template <class Scalar>
double relative_error(const Graph& graph, const Gradients<Scalar>& a, const Gradients<Scalar>& b) {
  double difference = 0;
  double norm = 0;
  for (VertexId id = 0; id < graph.size(); ++id) {
    if (graph[id].kind == VertexKind::input) continue;
    for (std::size_t k = 0; k < b[id].size(); ++k) {
      const auto x = a[id][k].flat();
      const auto y = b[id][k].flat();
      for (std::size_t i = 0; i < y.size(); ++i) {
        const double right = static_cast<double>(y[i]);
        difference += std::pow(static_cast<double>(x[i]) - right, 2);
        norm += right * right;
      }
    }
  }
  return difference == 0 ? 0 : std::sqrt(difference) / (norm > 0 ? std::sqrt(norm) : 1);
}

template <class Scalar>
GradientTrial<Scalar> run_gradient_trial(const GradientProblem<Scalar>& problem, Executor<Scalar>& executor,
                                         const Gradients<Scalar>& backprop) {
  const Graph& graph = *problem.graph;
  GradientTrial<Scalar> result;
  executor.restore(problem.parameters, true);
  const auto start = std::chrono::steady_clock::now();
  result.report = run_trial(executor, problem.trial);
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (result.report.diverged)
    throw Diverged("vertex '" + graph[*result.report.diverged].name +
                   "' ran away or is not finite; lower the value rate, or look for huge numbers in the data");
  result.gradients = read_gradients(executor, problem);
  if (!backprop.empty()) result.error = relative_error(graph, result.gradients, backprop);
  const std::vector<std::uint64_t> acts = executor.acts();
  if (!acts.empty()) result.steps = std::ranges::max(acts);
  for (VertexId id = 0; id < acts.size(); ++id)
    if (graph[id].kind != VertexKind::parameter && !(*problem.trial->clamped)[id]) result.updates += acts[id];
  return result;
}

template <class Scalar>
std::string gradient_trace(const GradientProblem<Scalar>& problem, const NodeSettings<Scalar>& settings,
                           const MakeExecutor<Scalar>& make, const Gradients<Scalar>& backprop) {
  using key_types::spelling;
  const Graph& graph = *problem.graph;
  const auto trial = problem.trial;
  std::string csv = "step,free_energy,gradient_error,max_update,messages\n";
  std::vector<Tensor<Scalar>> before;
  NodeSettings<Scalar> some = settings;
  for (std::uint64_t t = 0; t <= *settings.steps; ++t) {
    some.steps = t;
    const auto executor = make(some);
    executor->restore(problem.parameters, true);
    const TrialReport<Scalar> report = run_trial(*executor, trial);
    auto now = free_values(*executor, graph, *trial, *settings.rule);
    const double update = t == 0 ? 0 : largest_change(now, before);
    const double error = relative_error(graph, read_gradients(*executor, problem), backprop);
    csv += std::to_string(t) + "," + spelling(report.free_energy) + "," + spelling(error) + "," + spelling(update) +
           "," + std::to_string(report.messages) + "\n";
    before = std::move(now);
  }
  return csv;
}

template Gradients<float> read_gradients(const Executor<float>&, const GradientProblem<float>&);
template Gradients<float> full_gradients(Gradients<float>, const GradientProblem<float>&);
template std::vector<Tensor<float>> free_values(const Executor<float>&, const Graph&, const Trial&, const Rule<float>&);
template double largest_change(const std::vector<Tensor<float>>&, const std::vector<Tensor<float>>&);
template Gradients<float> backprop_gradients(const GradientProblem<float>&, const NodeSettings<float>&);
template double relative_error(const Graph&, const Gradients<float>&, const Gradients<float>&);
template GradientTrial<float> run_gradient_trial(const GradientProblem<float>&, Executor<float>&,
                                                 const Gradients<float>&);
template std::string gradient_trace(const GradientProblem<float>&, const NodeSettings<float>&,
                                    const MakeExecutor<float>&, const Gradients<float>&);
template Gradients<double> read_gradients(const Executor<double>&, const GradientProblem<double>&);
template Gradients<double> full_gradients(Gradients<double>, const GradientProblem<double>&);
template std::vector<Tensor<double>> free_values(const Executor<double>&, const Graph&, const Trial&,
                                                 const Rule<double>&);
template double largest_change(const std::vector<Tensor<double>>&, const std::vector<Tensor<double>>&);
template Gradients<double> backprop_gradients(const GradientProblem<double>&, const NodeSettings<double>&);
template double relative_error(const Graph&, const Gradients<double>&, const Gradients<double>&);
template GradientTrial<double> run_gradient_trial(const GradientProblem<double>&, Executor<double>&,
                                                  const Gradients<double>&);
template std::string gradient_trace(const GradientProblem<double>&, const NodeSettings<double>&,
                                    const MakeExecutor<double>&, const Gradients<double>&);

}  // namespace settle
