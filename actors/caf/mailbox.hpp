// Purpose: the mailbox of a vertex: any thread posts, the owner takes all that waits at once, each sender's parcels in
// the order in which it posted them. It also knows whether the owner rests, so that whoever posts first wakes it, once.
// Lock-free: a stack of parcels whose empty end says what the owner does. `Parcel` has a member `Parcel* next`.
// Thread rule: `post` by any thread, the rest by the owner.
#pragma once

#include <atomic>
#include <cstdint>

namespace settle {

template <class Parcel>
class Mailbox {
 public:
  enum class Posted {
    waits,   // the owner is awake and will take it
    wakes,   // the owner rested: the caller must give it a turn
    closed,  // the parcel stays the caller's
  };

  Posted post(Parcel* parcel) noexcept {
    std::uintptr_t top = top_.load(std::memory_order_relaxed);
    do {
      if (top == kClosed) return Posted::closed;
      parcel->next = top == kResting ? nullptr : pointer(top);
    } while (!top_.compare_exchange_weak(top, reinterpret_cast<std::uintptr_t>(parcel), std::memory_order_acq_rel,
                                         std::memory_order_relaxed));
    return top == kResting ? Posted::wakes : Posted::waits;
  }

  // Everything that waits, oldest first, linked by `next`; null for nothing. Requires: the owner is awake.
  Parcel* take() noexcept { return reversed(pointer(top_.exchange(kEmpty, std::memory_order_acquire))); }

  // The owner goes to rest; false, and it stays awake, where something waits.
  bool rest() noexcept {
    std::uintptr_t expected = kEmpty;
    return top_.compare_exchange_strong(expected, kResting, std::memory_order_release, std::memory_order_relaxed);
  }

  // Takes everything that waits, and nothing is let in any more.
  Parcel* close() noexcept {
    const std::uintptr_t top = top_.exchange(kClosed, std::memory_order_acquire);
    return top == kResting || top == kClosed ? nullptr : reversed(pointer(top));
  }

 private:
  // Beside addresses of parcels, none of which is odd.
  static constexpr std::uintptr_t kEmpty = 0;
  static constexpr std::uintptr_t kResting = 1;
  static constexpr std::uintptr_t kClosed = 3;

  static Parcel* pointer(std::uintptr_t top) noexcept { return reinterpret_cast<Parcel*>(top); }
  static Parcel* reversed(Parcel* newest) noexcept {
    Parcel* oldest = nullptr;
    while (newest) {
      Parcel* older = newest->next;
      newest->next = oldest;
      oldest = newest;
      newest = older;
    }
    return oldest;
  }

  std::atomic<std::uintptr_t> top_{kResting};
};

}  // namespace settle
