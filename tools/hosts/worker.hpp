// Purpose: a worker process: joins host 0, makes the model that it is told, runs its vertices, comes again when the
// hosts gather anew, and ends when the run does. Callers: `settle worker`, ranks of `settle run`. Thread rule: one
// caller.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>

#include "actors/placement.hpp"
#include "sim/config/run_config.hpp"
#include "sim/launch/join_target.hpp"

namespace settle {

struct WorkerOptions {
  JoinTarget join;
  HostId rank = 1;
  std::chrono::milliseconds patience{600'000};  // until host 0 is there
  // Where it listens, and, where `join` is no file, token and certificates.
  TransportConfig transport;
  std::string scalar = "float32";     // where `join` is no file
  std::filesystem::path log_in = {};  // the run directory that it keeps its log in; empty: it keeps none
};

// Returns when the run is over. Errors: PeerGone where host 0 does not come or is lost; what this host failed of;
// NotAuthorised, BadData of the rendezvous file.
void work(const WorkerOptions& options);

}  // namespace settle
