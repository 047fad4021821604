// Purpose: a run that is asked to stop finishes its trial and saves first. The first SIGINT, SIGTERM or SIGUSR1 (which
// batch systems send ahead of the end) is only noted; a second SIGINT or SIGTERM ends the process at once with 128 plus
// the signal's number, 130 or 143. SIGXFSZ is ignored meanwhile, so that a file size limit is an error of the write
// that meets it.
// Caller: the session. Thread rule: at most one object at a time; `requested` may be asked by any thread.
#pragma once

#include <signal.h>

#include <array>

namespace settle {

class StopSignal {
 public:
  // Installs the handlers. Nothing is requested yet.
  StopSignal();
  // Puts back what was there before.
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  bool requested() const noexcept { return number() != 0; }
  // Of whichever object there is; false where there is none.
  static bool requested_of_any() noexcept;
  // Of the first signal; 0: none came.
  int number() const noexcept;

 private:
  static constexpr std::array<int, 4> kSignals = {SIGINT, SIGTERM, SIGUSR1, SIGXFSZ};
  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace settle
