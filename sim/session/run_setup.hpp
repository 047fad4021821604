// Purpose: the model of a config and its executor. Callers: the session, evaluation, the measures of studies.
// Thread rule: one owner.
#pragma once

#include "sim/session/run_model.hpp"
#include "sim/session/score.hpp"
#include "sim/session/session.hpp"
#include "sim/watch/status_board.hpp"

namespace settle {

template <class Scalar>
class VirtualTimeExecutor;

template <class Scalar>
class RunSetup : public RunModel<Scalar> {
 public:
  // `board`: where its executor may be asked; null: nowhere. Requires: all outlive it.
  RunSetup(const RunConfig& config, const ExecutorFactory<Scalar>& make_executor, StatusBoard* board = nullptr)
      : RunModel<Scalar>(config), config_(config), make_executor_(make_executor), board_(board) {}
  ~RunSetup() { end_executor(); }
  RunSetup(const RunSetup&) = delete;
  RunSetup& operator=(const RunSetup&) = delete;

  // Made when it is asked for first.
  Executor<Scalar>& executor() {
    if (!executor_) make_executor();
    return *executor_;
  }
  // The same; null where it does not run in virtual time.
  VirtualTimeExecutor<Scalar>* virtual_time() { return executor(), virtual_time_; }
  // The next time another one is made, as at the beginning: where one is of no more use. Who asks it now is waited for.
  void end_executor();

  // Loss and accuracy over a whole split of data(), in its own order.
  Score evaluate(const Split& split);

  // Bytes of all parameters in the order of their names.
  std::string parameters_sha256();

 private:
  void make_executor();

  const RunConfig& config_;
  const ExecutorFactory<Scalar>& make_executor_;
  StatusBoard* board_;
  std::unique_ptr<Executor<Scalar>> executor_;
  VirtualTimeExecutor<Scalar>* virtual_time_ = nullptr;
};

}  // namespace settle
