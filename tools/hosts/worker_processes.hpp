// Purpose: the processes that `settle launch` starts: workers of this machine, each with a log of its own. Those that
// are left when this ends get some seconds to end by themselves. Thread rule: one owner.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "actors/placement.hpp"

namespace settle {

class WorkerProcesses {
 public:
  // `logs`: the folder of host-RANK.log.
  explicit WorkerProcesses(std::filesystem::path logs) : logs_(std::move(logs)) {}
  ~WorkerProcesses();
  WorkerProcesses(const WorkerProcesses&) = delete;
  WorkerProcesses& operator=(const WorkerProcesses&) = delete;

  // Starts `settle worker --join RENDEZVOUS --rank RANK` where that rank has no process. Errors: CannotCreate.
  void start(HostId rank, const std::filesystem::path& rendezvous);

  // Ends that rank's process, which may be stopped.
  void end(HostId rank);

  // How those ended that have since this was asked last: by rank, "process 4711 was ended by signal 9 (Killed); its
  // log: FILE".
  std::map<HostId, std::string> ended();

 private:
  std::filesystem::path log_of(HostId rank) const { return logs_ / ("host-" + std::to_string(rank) + ".log"); }

  std::filesystem::path logs_;
  std::map<HostId, pid_t> processes_;
};

}  // namespace settle
