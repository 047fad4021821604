// Purpose: the processes that `settle launch` starts: workers of this machine, each with a log of its own. Those that
// are left when this ends get some seconds to end by themselves. Thread rule: one owner.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "actors/placement.hpp"

namespace settle {

class WorkerProcesses {
 public:
  // Their logs are in the run directory.
  explicit WorkerProcesses(std::filesystem::path run_directory) : run_directory_(std::move(run_directory)) {}
  ~WorkerProcesses();
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;

  // Starts `settle worker --rank RANK WORDS` where that rank has no process. Errors: CannotCreate.
  void start(HostId rank, const std::vector<std::string>& words);

  // How those ended that have since this was asked last, in the order of ranks: "host 2: process 4711 was ended by
  // signal 9 (Killed); its log: FILE".
  std::vector<std::string> ended();

  // How that rank's process ends, which is killed where it does not by itself within `patience`; empty: it has none.
  std::string end(HostId rank, std::chrono::milliseconds patience);

 private:
  std::string end_of(HostId rank, pid_t process, int status) const;

  std::filesystem::path run_directory_;
  std::map<HostId, pid_t> processes_;
};

}  // namespace settle
