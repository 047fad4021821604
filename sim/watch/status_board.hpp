// Purpose: what a run is doing, written by the session that does it and read by who watches, without either waiting for
// the other: but an executor that is being asked lives until it has answered (three seconds at the most).
// Thread rule: any thread.
#pragma once

#include <chrono>
#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "actors/inspectable.hpp"

namespace settle {

enum class RunStage { starting, gathering_hosts, training, evaluating, saving };

// A process of the run.
struct HostProcess {
  HostId rank = 0;
  std::string machine;
  std::int64_t process = 0;
};

class StatusBoard {
 public:
  // --- by the session ---
  void plan(std::uint64_t trials, std::uint64_t trials_per_epoch);
  RunStage enter(RunStage stage);  // returns the one before
  // The run goes on after so many trials.
  void take_up(std::uint64_t trials_done);
  // `loss`: the mean of the present epoch.
  void trial_done(std::uint64_t trials_done, double loss);
  // By HostId.
  void set_hosts(std::vector<HostProcess> hosts);
  // From now on it is asked. Null, or before the executor ends: none is.
  void watch(const Inspectable* executor);

  std::uint64_t trials_done() const;
  std::uint64_t trials() const;

  // --- by who watches ---
  // {"stage", "trial", "trials", "epoch", "epochs", "loss", "trials_per_second", "seconds_since_trial", "executor": how
  //  many there were before, "clock": seconds, "hosts": [{"host", "answers", "phase", "vertices", "handled",
  //  "outstanding", "messages_sent", ... as PeerCounters, "seconds_since_heard", "rank", "machine", "process"}]}
  nlohmann::json status() const;
  // {"stage", "stacks": lines, as Inspectable, hosts by their ranks and processes; null: there are no actors to ask}
  nlohmann::json stacks() const;

 private:
  using Clock = std::chrono::steady_clock;

  mutable std::mutex mutex_;
  RunStage stage_ = RunStage::starting;
  std::uint64_t planned_ = 0;
  std::uint64_t per_epoch_ = 1;
  std::uint64_t begun_with_ = 0;  // trials
  std::uint64_t done_ = 0;
  double loss_ = 0;
  Clock::time_point begun_ = Clock::now();
  std::optional<Clock::time_point> last_trial_;
  std::vector<HostProcess> hosts_;

  mutable std::mutex asking_;  // held by who asks the executor; before mutex_ where both are
  const Inspectable* executor_ = nullptr;
  std::uint64_t executors_ = 0;
};

// A stage from construction to destruction, then the one before again.
class StageScope {
 public:
  StageScope(StatusBoard& board, RunStage stage) : board_(board), before_(board.enter(stage)) {}
  ~StageScope() { board_.enter(before_); }
  StageScope(const StageScope&) = delete;
  StageScope& operator=(const StageScope&) = delete;

 private:
  StatusBoard& board_;
  RunStage before_;
};

}  // namespace settle
