// Purpose: what is yet to happen, handed out in the order of Event. A calendar: the near future is a ring of lists, one
// a moment, each sorted when its moment comes; what is further away waits in a heap. Pushing is a few instructions and
// popping the share of a sort in cache, however many events are in flight.
// Caller: the executor. Thread rule: one owner.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "sim/virtual/event.hpp"

namespace settle {

class EventQueue {
 public:
  EventQueue();

  bool empty() const noexcept { return size_ == 0; }
  std::size_t size() const noexcept { return size_; }

  // Requires: since the queue was last empty, no event of that moment or a later one was popped.
  void push(const Event& event);
  // Requires: not empty.
  Event pop();

 private:
  static constexpr std::size_t kRing = std::size_t{1} << 13;  // moments
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Link {
    Event event;
    std::uint32_t next;
  };

  std::size_t place(std::uint64_t moment) const noexcept { return moment & (kRing - 1); }
  void push_near(const Event& event);
  // The first moment in the ring at which something is listed; kRing past its begin where there is none.
  std::uint64_t next_in_ring() const noexcept;
  void open_next_moment();

  std::size_t size_ = 0;
  std::uint64_t begin_ = 0;  // the ring holds moments from here on, kRing of them
  std::vector<std::uint32_t> heads_;
  std::array<std::uint64_t, kRing / 64> listed_{};  // a bit a place: its list is not empty
  std::vector<Link> links_;
  std::uint32_t free_ = kNone;
  std::vector<Event> far_;   // a heap, the earliest on top
  std::vector<Event> open_;  // of the present moment, sorted
  std::size_t taken_ = 0;    // of open_
};

}  // namespace settle
