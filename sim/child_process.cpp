#include "sim/child_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "actors/descriptor.hpp"

namespace settle {

bool ends_in_time(pid_t child, std::chrono::milliseconds patience, int& status) {
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  pollfd watched{handle.number(), POLLIN, 0};
  int ready = 1;
  while (handle && (ready = ::poll(&watched, 1, static_cast<int>(patience.count()))) < 0 && errno == EINTR) continue;
  if (ready == 0) ::kill(child, SIGKILL);
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  return ready != 0;
}

std::string end_in_words(int status) {
  if (WIFSIGNALED(status))
    return "was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) + ")";
  return "ended with exit code " + std::to_string(WEXITSTATUS(status));
}

}  // namespace settle
