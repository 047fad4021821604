#include "sim/stop_signal.hpp"

#include <unistd.h>

#include <atomic>

namespace settle {
namespace {

std::atomic<int> first_signal = 0;
static_assert(std::atomic<int>::is_always_lock_free, "a signal handler must not wait");

// Async-signal-safe: one atomic and _exit.
void note_signal(int number) {
  int none = 0;
  if (!first_signal.compare_exchange_strong(none, number) && number != SIGUSR1) ::_exit(128 + number);
}

}  // namespace

StopSignal::StopSignal() {
  first_signal = 0;
  for (std::size_t i = 0; i < kSignals.size(); ++i) {
    struct sigaction action {};
    sigemptyset(&action.sa_mask);
    action.sa_handler = kSignals[i] == SIGXFSZ ? SIG_IGN : note_signal;
    action.sa_flags = SA_RESTART;
    ::sigaction(kSignals[i], &action, &before_[i]);
  }
}

StopSignal::~StopSignal() {
  for (std::size_t i = 0; i < kSignals.size(); ++i) ::sigaction(kSignals[i], &before_[i], nullptr);
  first_signal = 0;
}

bool StopSignal::requested_of_any() noexcept { return first_signal != 0; }

int StopSignal::number() const noexcept { return first_signal; }

}  // namespace settle
