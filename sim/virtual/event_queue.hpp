// Purpose: what is yet to happen, handed out in the order of Event. A calendar: the near future is a ring of heaps of
// blocks, one a moment, each sorted when its moment comes; what is further away waits in a heap. Pushing is a few
// instructions and popping the share of a sort in cache, however many events are in flight.
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
  // The k-th after the last one popped, where it is of the same moment; else null.
  const Event* ahead(std::size_t k) const noexcept {
    return taken_ + k <= open_.size() ? &open_[taken_ + k - 1] : nullptr;
  }

 private:
  static constexpr std::size_t kRing = std::size_t{1} << 13;  // moments
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Entry {  // an event less its moment
    VertexId vertex;
    Slot slot;
    std::uint32_t version;
    std::uint32_t flight;
  };
  struct Block {
    std::uint32_t next;
    std::uint32_t count;
    std::array<Entry, 15> entries;
  };

  std::size_t place(std::uint64_t moment) const noexcept { return moment & (kRing - 1); }
  void push_near(const Event& event);
  // The first moment in the ring at which something is listed; kRing past its begin where there is none.
  std::uint64_t next_in_ring() const noexcept;
  void open_next_moment();
  void take_blocks(std::uint64_t moment);
  void sort_open();

  std::size_t size_ = 0;
  std::uint64_t begin_ = 0;                         // the ring holds moments from here on, kRing of them
  std::vector<std::uint32_t> heads_;                // by place: its newest block, the only one that may not be full
  std::array<std::uint64_t, kRing / 64> listed_{};  // a bit a place: something is there
  std::vector<Block> blocks_;
  std::uint32_t free_ = kNone;
  std::vector<Event> far_;                   // a heap, the earliest on top
  std::vector<Event> open_;                  // of the present moment, sorted
  std::size_t taken_ = 0;                    // of open_
  std::vector<Event> scattered_;             // sort_open's
  std::vector<std::uint32_t> group_begins_;  // likewise
};

}  // namespace settle
