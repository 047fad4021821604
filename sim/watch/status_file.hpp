// Purpose: status.json of a run directory: who runs there and where that process is asked how it is
// (status_socket.hpp), and, once it has ended, how. A run that was killed leaves what it said while it ran, and nobody
// answers there. JSON: {"schema": 1, "state", "machine", "process", "socket"}, and of an ended run "trial", "trials",
// "exit_code", "cause". Callers: RunWatch writes it, commands read it. Thread rule: any thread; a reader finds the
// whole of a file.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace settle {

struct StatusFile {
  // stopped: early, with a checkpoint.
  enum class State { running, complete, stopped, failed };

  State state = State::running;
  std::string machine;
  std::int64_t process = 0;
  std::filesystem::path socket;  // empty: status.sock beside this file
  // --- of a run that has ended ---
  std::uint64_t trial = 0;   // the last one that was done
  std::uint64_t trials = 0;  // of how many
  int exit_code = 0;
  std::string cause;  // of `failed`; of `stopped` where there was no trial to end
};

// Of this one, as its network knows it.
std::string machine_name();

// "running", ...
std::string name_of(StatusFile::State state);

// Errors: CannotCreate, CannotWrite naming the file.
void write_status_file(const std::filesystem::path& run_directory, const StatusFile& content);

// Nothing where there is none. Errors: BadData naming the file and what makes no sense in it.
std::optional<StatusFile> read_status_file(const std::filesystem::path& run_directory);

}  // namespace settle
