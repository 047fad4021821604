// Purpose: the typed exceptions of the whole project. A user's mistake is one of these, thrown with its place, its
// cause and its remedy, and caught once, in tools/, which prints the message and exits with `exit_code()`. A broken
// invariant is an assert, a numerical outcome a value; neither is an Error. Thread rule: exceptions are values.
#pragma once

#include <stdexcept>
#include <string>

namespace settle {

// The documented exit codes of every command (README, "Exit codes").
enum class ExitCode : int {
  ok = 0,
  internal_fault = 1,
  usage = 2,
  bad_data = 65,
  missing_input = 66,
  peer_gone = 69,
  cannot_create = 73,
  cannot_write = 74,
  stopped_early = 75,
  diverged = 76,
  not_authorised = 77,
  bad_config = 78,
};

class Error : public std::runtime_error {
 public:
  Error(ExitCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ExitCode exit_code() const noexcept { return code_; }

 private:
  ExitCode code_;
};

// One class per exit code that user mistakes and failures lead to.
template <ExitCode Code>
class ErrorOf : public Error {
 public:
  explicit ErrorOf(const std::string& message) : Error(Code, message) {}
};

using InternalFault = ErrorOf<ExitCode::internal_fault>;  // an invariant of ours does not hold; names where
using UsageError = ErrorOf<ExitCode::usage>;              // wrong words on the command line
using BadData = ErrorOf<ExitCode::bad_data>;              // a file's content is not what its format says
using MissingInput = ErrorOf<ExitCode::missing_input>;    // a file or dataset that is not there
using CannotCreate = ErrorOf<ExitCode::cannot_create>;    // a directory or file that cannot be made
using CannotWrite = ErrorOf<ExitCode::cannot_write>;      // a write that failed (disk full, ...)
using Diverged = ErrorOf<ExitCode::diverged>;             // NaN, inf or a runaway energy; names the vertex
using BadConfig = ErrorOf<ExitCode::bad_config>;          // an impossible configuration or model

}  // namespace settle
