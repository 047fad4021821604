// Purpose: how a run is, from its directory: asked of the process that has it, or told by the files that it left.
// Callers: the commands `status` and `stacks`. Thread rule: any thread. Errors: MissingInput where it is no run's
// directory; BadData of its files, or where it is a study's; NotAuthorised where the run is another user's; PeerGone
// where the process that has it does not answer (it is stopped), or is on another machine.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/watch/status_file.hpp"
#include "sim/watch/status_server.hpp"

namespace settle {

struct RunLook {
  // "running", "complete", "stopped", "failed", "killed"; "unfinished": one that left no status.json.
  std::string state;
  // {"state", "directory", "machine", "process"}, and of a running one what StatusBoard says, of an ended one "trial",
  // "trials", "exit_code" and "cause", as far as they are known.
  nlohmann::json json;
};

RunLook look_at_run(const std::filesystem::path& run_directory, RunQuestion question);

}  // namespace settle
