// Purpose: a training run from its config to its result: opens the data and the model, goes on where an earlier run of
// the same directory stopped, trains epoch by epoch, evaluates, writes metrics and checkpoints, and says what it does.
//   - the same command again resumes from the newest valid checkpoint, and the final parameters are bit for bit those
//   of
//     an undisturbed run, wherever it was interrupted;
//   - a finished run hands back the stored result;
//   - a stop signal, or `run.max_hours`, ends it at the next trial with a checkpoint.
// Caller: the commands `run` and `eval`. Thread rule: one caller.
// Errors: everything that opening its parts throws; Diverged naming the vertex and the trial.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "sim/config/run_config.hpp"
#include "sim/session/score.hpp"
#include "sim/watch/status_board.hpp"

namespace settle {

// Makes the executor on `threads` threads: sim knows none by name.
template <class Scalar>
using ExecutorFactory =
    std::function<std::unique_ptr<Executor<Scalar>>(GraphPtr, const NodeSettings<Scalar>&, unsigned threads)>;

template <class Scalar>
struct SessionOptions {
  ExecutorFactory<Scalar> make_executor;  // for every rule but backprop
  std::vector<std::string> argv;          // for the manifest
  std::map<std::string, std::string> versions;
  std::function<std::vector<HostProcess>()> hosts;  // of the executor that was made last; empty: this process alone
  std::function<void(const std::string&)> log;      // as Progress::copy_to; empty: there is none
  bool quiet = false;
};

struct SessionOutcome {
  bool complete = false;  // false: stopped early, with a checkpoint
  nlohmann::json result;  // as result.json; of a stopped run, what there is so far
};

template <class Scalar>
SessionOutcome run_session(const RunConfig& config, const SessionOptions<Scalar>& options);

// Scores the newest checkpoint of the run in config.run.directory on one split: "train", "validation" or "test".
// Errors: MissingInput where there is no checkpoint or no such split.
template <class Scalar>
nlohmann::json evaluate_run(const RunConfig& config, const std::string& split, const SessionOptions<Scalar>& options);

}  // namespace settle
