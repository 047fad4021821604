#include "sim/stop_signal.hpp"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

namespace settle {
namespace {

// The exit code of a process that raises these signals under a StopSignal and, if it comes so far, exits with 7.
int exit_code_after(std::initializer_list<int> signals) {
  const pid_t child = ::fork();
  if (child == 0) {
    const StopSignal stop;
    for (const int number : signals) ::raise(number);
    ::_exit(7);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("the first signal to stop is noted and nothing else happens") {
  StopSignal stop;
  CHECK_FALSE(stop.requested());
  ::raise(SIGTERM);
  CHECK(stop.requested());
  CHECK(stop.number() == SIGTERM);
  CHECK(StopSignal::requested_of_any());
}

TEST_CASE("a new run starts without the stop of the one before") {
  {
    StopSignal stop;
    ::raise(SIGINT);
    CHECK(stop.requested());
  }
  CHECK_FALSE(StopSignal::requested_of_any());
  CHECK_FALSE(StopSignal().requested());
}

TEST_CASE("a second SIGINT or SIGTERM ends the process at once with 128 plus its number") {
  CHECK(exit_code_after({SIGINT}) == 7);
  CHECK(exit_code_after({SIGINT, SIGINT}) == 130);
  CHECK(exit_code_after({SIGTERM, SIGTERM}) == 143);
  CHECK(exit_code_after({SIGTERM, SIGINT}) == 130);
}

TEST_CASE("SIGUSR1 asks to stop and never ends the process") {
  CHECK(exit_code_after({SIGUSR1, SIGUSR1, SIGUSR1}) == 7);
  StopSignal stop;
  ::raise(SIGUSR1);
  CHECK(stop.requested());
}

TEST_CASE("a file size limit is no reason to die while a run goes on") { CHECK(exit_code_after({SIGXFSZ}) == 7); }

TEST_CASE("the handlers of before are put back") {
  struct sigaction before {
  }, after{};
  ::sigaction(SIGINT, nullptr, &before);
  { const StopSignal stop; }
  ::sigaction(SIGINT, nullptr, &after);
  CHECK((before.sa_handler == after.sa_handler));
}

}  // namespace settle
