// Purpose: lets a run be asked how it is, from when it begins until its end, and leaves in its directory how it ended
// (status.json). What goes wrong with that is a warning: a run does not end for not being watched.
// Caller: the session. Thread rule: one owner.
#pragma once

#include <exception>
#include <functional>
#include <memory>

#include "graph/error.hpp"
#include "sim/watch/status_board.hpp"
#include "sim/watch/status_server.hpp"
#include "sim/watch/status_socket.hpp"

namespace settle {

class RunWatch {
 public:
  // Requires: both outlive it; this process holds the run directory's lock. `warn` is called by the constructor and by
  // `ended` and `failed`.
  RunWatch(std::filesystem::path run_directory, const StatusBoard& board, std::function<void(const std::string&)> warn);

  // One of the two, at the end: it is asked no more.
  void ended(bool complete);
  void failed(const std::exception& cause);

 private:
  void leave(StatusFile::State state, ExitCode code, const std::string& cause);
  void write();
  std::string answer(RunQuestion question) const;

  std::filesystem::path run_directory_;
  const StatusBoard& board_;
  std::function<void(const std::string&)> warn_;
  StatusFile file_;
  std::unique_ptr<StatusSocket> socket_;
  std::unique_ptr<StatusServer> server_;  // last: it uses the others
};

}  // namespace settle
