// Purpose: runs another program, found on PATH, without a shell: `dot` and `gnuplot` draw our pictures. Its streams are
// files, so that no amount of text blocks either side. Thread rule: any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace settle {

struct ProgramRun {
  std::vector<std::string> words;                                 // the program first
  std::string input = {};                                         // its standard input
  std::filesystem::path folder = {};                              // where it runs; empty: here
  std::chrono::milliseconds patience = std::chrono::minutes(10);  // then it is ended
};

struct ProgramOutcome {
  std::string not_started = {};  // why, where it could not be
  bool ended_in_time = false;
  int status = 0;  // as of waitpid
  std::string out = {};
  std::string err = {};

  bool succeeded() const noexcept { return not_started.empty() && ended_in_time && status == 0; }
};

// Errors: CannotCreate, CannotWrite for the files of its streams.
ProgramOutcome run_program(const ProgramRun& run);

}  // namespace settle
