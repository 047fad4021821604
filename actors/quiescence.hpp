// Purpose: quiescence by counting, in one process: everything that is still to be handled (messages, wakes, begins) is
// counted before it is sent and counted off after it was acted on. Whoever brings the count to zero knows that nothing
// is in flight and nobody acts: no wave, no timeout. Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>

namespace settle {

class OutstandingCount {
 public:
  void raise(std::int64_t by = 1) noexcept { count_.fetch_add(by, std::memory_order_relaxed); }
  // Raises by what an act sends and lowers by what was handled for it, in one; before the sends can be handled. True
  // where nothing is left: everything done under the count happens before what follows.
  bool settle(std::int64_t sent, std::int64_t handled) noexcept {
    const std::int64_t change = sent - handled;
    return change != 0 && count_.fetch_add(change, std::memory_order_acq_rel) + change == 0;
  }
  // Everything done under the count happens before what follows, where it is true.
  bool none() const noexcept { return count_.load(std::memory_order_acquire) == 0; }
  std::int64_t value() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::int64_t> count_{0};
};

}  // namespace settle
