// Purpose: what tests do with executors: run trials, gather everything that can be observed, compare it bit for bit or
// within a norm. Caller: tests. Thread rule: pure functions; one caller per executor.
#pragma once

#include <cstring>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "tests/support/distance.hpp"

namespace settle::test {

template <class Scalar>
bool same_bits(const Tensor<Scalar>& a, const Tensor<Scalar>& b) {
  if (a.shape() != b.shape() || a.size() != b.size()) return false;
  return a.size() == 0 || std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(Scalar)) == 0;
}

template <class Scalar>
TrialReport<Scalar> run_trial(Executor<Scalar>& executor, const Trial& trial) {
  return settle::run_trial(executor, std::make_shared<const Trial>(trial));
}

// All that can be seen of a graph after a trial.
template <class Scalar>
struct Outcome {
  TrialReport<Scalar> report;
  std::vector<Tensor<Scalar>> values;                  // by vertex
  std::vector<Tensor<Scalar>> predictions;             // by vertex
  std::vector<Tensor<Scalar>> errors;                  // by vertex, weighted
  std::vector<std::vector<Tensor<Scalar>>> gradients;  // by vertex, where the trial reads out
  State<Scalar> state;
};

template <class Scalar>
Outcome<Scalar> observe_all(Executor<Scalar>& executor, const Graph& graph, const Trial& trial) {
  Outcome<Scalar> outcome;
  outcome.report = run_trial(executor, trial);
  for (VertexId id = 0; id < graph.size(); ++id) {
    outcome.values.push_back(executor.observe(id, Quantity::value));
    outcome.predictions.push_back(executor.observe(id, Quantity::prediction));
    outcome.errors.push_back(executor.observe(id, Quantity::weighted_error));
    if (trial.learn == LearnMode::read_out) outcome.gradients.push_back(executor.gradients(id));
  }
  outcome.state = executor.save();
  return outcome;
}

// The first thing in which two outcomes differ in any bit; empty where there is none.
template <class Scalar>
std::string first_difference(const Graph& graph, const Outcome<Scalar>& a, const Outcome<Scalar>& b) {
  if (a.report.loss != b.report.loss) return "loss";
  if (a.report.free_energy != b.report.free_energy) return "free energy";
  for (VertexId id = 0; id < graph.size(); ++id) {
    const std::string& name = graph[id].name;
    if (!same_bits(a.predictions[id], b.predictions[id])) return "prediction of " + name;
    if (!same_bits(a.errors[id], b.errors[id])) return "weighted error of " + name;
    if (!same_bits(a.values[id], b.values[id])) return "value of " + name;
    if (a.gradients.size() != b.gradients.size()) return "what was read out";
    if (a.gradients.empty()) continue;
    if (a.gradients[id].size() != b.gradients[id].size()) return "number of gradients of " + name;
    for (std::size_t k = 0; k < a.gradients[id].size(); ++k)
      if (!same_bits(a.gradients[id][k], b.gradients[id][k])) return "gradient " + std::to_string(k) + " of " + name;
  }
  if (a.state.size() != b.state.size()) return "size of the state";
  for (const auto& [name, tensor] : a.state)
    if (!b.state.contains(name) || !same_bits(tensor, b.state.at(name))) return "state of " + name;
  return {};
}

// How far a's gradients are from b's, relative to the norm of all of b's.
template <class Scalar>
double gradient_distance(const Outcome<Scalar>& a, const Outcome<Scalar>& b) {
  Distance distance;
  for (std::size_t id = 0; id < b.gradients.size(); ++id)
    for (std::size_t k = 0; k < b.gradients[id].size(); ++k)
      distance.add(a.gradients[id][k].flat(), b.gradients[id][k].flat());
  return distance.relative();
}

// Optimizer settings that change with the seed, so that a family of models meets every kind.
inline OptimizerSettings optimizer_for(std::uint64_t seed) {
  OptimizerSettings settings;
  settings.kind = static_cast<OptimizerKind>(seed % 3);
  settings.learning_rate = 0.05;
  if (seed % 4 == 3) settings.clip = 0.1;
  return settings;
}

}  // namespace settle::test
