// Purpose: runs over several real processes of the program `settle`, and a grip on one of those processes.
// Thread rule: one user.
#pragma once

#include "tests/support/process_table.hpp"
#include "tests/tools/training.hpp"

namespace settle {

// `settle launch`, kept as `name`.
inline std::vector<std::string> launch_words(const TrainingFolder& folder, const std::string& name, int hosts,
                                             const std::vector<std::string>& settings = {}) {
  std::vector<std::string> words = folder.words(name, settings);
  words[1] = "launch";
  words.insert(words.begin() + 2, {"-n", std::to_string(hosts)});
  return words;
}

// Of a run that must succeed.
inline std::string launched_sha256(const TrainingFolder& folder, const std::string& name, int hosts,
                                   const std::vector<std::string>& settings = {}) {
  const ProcessResult result = run_process(launch_words(folder, name, hosts, settings));
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  return last_line(result).at("parameters_sha256");
}

// The newest `--rank RANK` that `parent` has started; 0: none yet.
inline pid_t worker_of(pid_t parent, int rank) {
  return newest_process([&](const RunningProcess& process) {
    return process.parent == parent && process.has_words({"--rank", std::to_string(rank)});
  });
}

inline void signal_worker(const Process& process, int rank, int number) {
  const pid_t worker = worker_of(process.id(), rank);
  REQUIRE(worker > 0);  // 0 would be this test and all around it
  ::kill(worker, number);
}

// `settle run`, kept as `run`, as one rank of so many.
inline std::unique_ptr<Process> start_rank(const TrainingFolder& folder, int rank, int hosts,
                                           const std::vector<std::string>& settings) {
  ProcessOptions options;
  options.environment = {{"SETTLE_RANK", std::to_string(rank)}, {"SETTLE_HOSTS", std::to_string(hosts)}};
  return std::make_unique<Process>(folder.words("run", settings), options);
}

inline std::uint64_t trials_so_far(const TrainingFolder& folder, const std::string& name) {
  std::uint64_t trials = 0;
  for (const nlohmann::json& row : folder.metrics(name, {"train"})) trials = row.at("trial");
  return trials;
}

// A run that is still going on when something is done to it.
inline const std::vector<std::string> kLong = {"--learn.epochs=60", "--checkpoint.every_trials=40", "--run.report=off",
                                               "--run.restarts=20"};

}  // namespace settle
