// Purpose: everything that a config says of the model, put together once: data, graph, binding, source, node settings.
// A config without a dataset gets one batch of synthetic data. Every host of a run makes its own of the same config.
// Callers: RunSetup, workers. Thread rule: one owner; const members by any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "actors/executor.hpp"
#include "sim/config/run_config.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/session/binding.hpp"

namespace settle {

template <class Scalar>
class RunModel {
 public:
  explicit RunModel(const RunConfig& config);

  const Graph& graph() const noexcept { return *graph_; }
  GraphPtr graph_ptr() const noexcept { return graph_; }
  const Dataset& data() const noexcept { return data_; }
  // What the executor runs: the same vertices, with the derivatives that the rule leaves.
  GraphPtr run_graph() const { return model_to_run(graph_, rule_); }
  // Every file that the run depends on: of the data and, where it is no family, of the model.
  std::vector<InputFile> files() const;
  const NodeSettings<Scalar>& settings() const noexcept { return settings_; }
  const Binding& binding() const noexcept { return binding_; }
  // Gives an executor that was just made the parameters of graph.parameters, where they are given.
  void restore_initial(Executor<Scalar>& executor) const;

 private:
  std::vector<std::filesystem::path> model_files_;  // and of initial parameters; none: a family, from the seed
  RuleChoice rule_;
  GraphPtr graph_;
  Dataset data_;
  Binding binding_;
  std::unique_ptr<DatasetSource<Scalar>> source_;
  NodeSettings<Scalar> settings_;
  std::filesystem::path initial_parameters_;
};

}  // namespace settle
