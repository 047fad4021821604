// Purpose: everything that a config says of the model and how it is run, put together once: data, graph, binding,
// source, node settings, executor. A config without a dataset gets one batch of synthetic data. Callers: the session,
// evaluation, the measures of studies. Thread rule: one owner.
#pragma once

#include <memory>

#include "actors/executor.hpp"
#include "sim/config/run_config.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/session/binding.hpp"
#include "sim/session/score.hpp"
#include "sim/session/session.hpp"

namespace settle {

template <class Scalar>
class VirtualTimeExecutor;

template <class Scalar>
class RunSetup {
 public:
  RunSetup(const RunConfig& config, const ExecutorFactory<Scalar>& make_executor);

  const Graph& graph() const noexcept { return *graph_; }
  GraphPtr graph_ptr() const noexcept { return graph_; }
  const Dataset& data() const noexcept { return data_; }
  // What the executor runs: the same vertices, with the derivatives that the rule leaves.
  GraphPtr run_graph() const { return model_to_run(graph_, rule_); }
  // Every file that the run depends on: of the data and, where it is no family, of the model.
  std::vector<InputFile> files() const;
  const NodeSettings<Scalar>& settings() const noexcept { return settings_; }
  const Binding& binding() const noexcept { return binding_; }
  Executor<Scalar>& executor() noexcept { return *executor_; }
  // The same; null where it does not run in virtual time.
  VirtualTimeExecutor<Scalar>* virtual_time() noexcept { return virtual_time_; }

  // Trials from here on read this split's samples.
  void select(const Split& split) noexcept { source_->select(split); }

  // Loss and accuracy over a whole split, in its own order. Selects it.
  Score evaluate(const Split& split);

  // Bytes of all parameters in the order of their names.
  std::string parameters_sha256() const;

 private:
  std::vector<std::filesystem::path> model_files_;  // and of initial parameters; none: a family, from the seed
  RuleChoice rule_;
  GraphPtr graph_;
  Dataset data_;
  Binding binding_;
  std::unique_ptr<SplitSource<Scalar>> source_;
  NodeSettings<Scalar> settings_;
  std::unique_ptr<Executor<Scalar>> executor_;
  VirtualTimeExecutor<Scalar>* virtual_time_ = nullptr;
};

}  // namespace settle
