// Purpose: how the next trial of a run relaxes, step by step: in virtual time, on an executor of its own that starts
// from the run's state, so that the run's own numbers are the same with and without. In lockstep every executor makes
// the same bits, so what is traced is what the run does; asynchronously only a run in virtual time can be.
// In lockstep the error that theory predicts (received_shares.hpp) stands beside, where it says something.
// Caller: the session, every `probe.trace` trials. Thread rule: one user, between runs of the session's executor.
#pragma once

#include "sim/session/relaxation_trace.hpp"
#include "sim/session/run_setup.hpp"

namespace settle {

template <class Scalar>
class TraceProbe {
 public:
  // Requires: `config` made the setup, both outlive it; a rule that relaxes; lockstep or virtual time.
  TraceProbe(const RunSetup<Scalar>& setup, const RunConfig& config);

  // CSV of RelaxationTrace. Parameters do not move, those of `incremental` neither.
  std::string trace(const State<Scalar>& state, const Trial& trial);

 private:
  std::unique_ptr<VirtualTimeExecutor<Scalar>> executor(const State<Scalar>& state,
                                                        const std::shared_ptr<const Trial>& trial) const;

  const RunConfig& config_;
  GraphPtr graph_;
  GraphPtr run_graph_;
  NodeSettings<Scalar> settings_;
};

}  // namespace settle
