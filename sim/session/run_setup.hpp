// Purpose: the model of a config and its executor. Callers: the session, evaluation, the measures of studies.
// Thread rule: one owner.
#pragma once

#include "sim/session/run_model.hpp"
#include "sim/session/score.hpp"
#include "sim/session/session.hpp"

namespace settle {

template <class Scalar>
class VirtualTimeExecutor;

template <class Scalar>
class RunSetup : public RunModel<Scalar> {
 public:
  // Requires: both outlive it.
  RunSetup(const RunConfig& config, const ExecutorFactory<Scalar>& make_executor)
      : RunModel<Scalar>(config), config_(config), make_executor_(make_executor) {}

  // Made when it is asked for first.
  Executor<Scalar>& executor() {
    if (!executor_) renew_executor();
    return *executor_;
  }
  // The same; null where it does not run in virtual time.
  VirtualTimeExecutor<Scalar>* virtual_time() { return executor(), virtual_time_; }
  // Another one instead, as at the beginning: where one is of no more use.
  void renew_executor();

  // Loss and accuracy over a whole split of data(), in its own order.
  Score evaluate(const Split& split);

  // Bytes of all parameters in the order of their names.
  std::string parameters_sha256();

 private:
  const RunConfig& config_;
  const ExecutorFactory<Scalar>& make_executor_;
  std::unique_ptr<Executor<Scalar>> executor_;
  VirtualTimeExecutor<Scalar>* virtual_time_ = nullptr;
};

}  // namespace settle
