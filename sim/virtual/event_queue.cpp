#include "sim/virtual/event_queue.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>

namespace settle {

EventQueue::EventQueue() : heads_(kRing, kNone) {}

void EventQueue::push(const Event& event) {
  const std::uint64_t moment = event.moment.value();
  // An empty ring may lie anywhere. A little before what comes first, which need not be what happens first.
  if (size_ == 0) begin_ = moment - std::min<std::uint64_t>(moment, kRing / 8);
  ++size_;
  assert(taken_ == open_.size() || moment > open_.front().moment.value());
  if (moment >= begin_ && moment - begin_ < kRing) return push_near(event);
  far_.push_back(event);
  std::ranges::push_heap(far_, std::greater<>{});
}

void EventQueue::push_near(const Event& event) {
  const std::size_t at = place(event.moment.value());
  std::uint32_t link = free_;
  if (link == kNone) {
    link = static_cast<std::uint32_t>(links_.size());
    links_.emplace_back();
  } else {
    free_ = links_[link].next;
  }
  links_[link] = {event, heads_[at]};
  heads_[at] = link;
  listed_[at / 64] |= std::uint64_t{1} << at % 64;
}

Event EventQueue::pop() {
  assert(size_ > 0);
  if (taken_ == open_.size()) open_next_moment();
  --size_;
  return open_[taken_++];
}

std::uint64_t EventQueue::next_in_ring() const noexcept {
  constexpr std::size_t kWords = kRing / 64;
  const std::size_t first = place(begin_);
  for (std::size_t k = 0; k <= kWords; ++k) {
    const std::size_t word = (first / 64 + k) % kWords;
    std::uint64_t bits = listed_[word];
    const std::uint64_t before = (std::uint64_t{1} << first % 64) - 1;
    if (k == 0) bits &= ~before;
    if (k == kWords) bits &= before;  // round the ring, in the word it began with
    if (bits == 0) continue;
    const std::size_t at = word * 64 + static_cast<std::size_t>(std::countr_zero(bits));
    return begin_ + (at + kRing - first) % kRing;
  }
  return begin_ + kRing;
}

void EventQueue::open_next_moment() {
  open_.clear();
  taken_ = 0;
  const std::uint64_t near = next_in_ring();
  const std::uint64_t moment = far_.empty() || (near < begin_ + kRing && near <= far_.front().moment.value())
                                   ? near
                                   : far_.front().moment.value();
  if (near == moment) {
    const std::size_t at = place(moment);
    for (std::uint32_t link = heads_[at]; link != kNone;) {
      open_.push_back(links_[link].event);
      const std::uint32_t next = links_[link].next;
      links_[link].next = free_;
      free_ = link;
      link = next;
    }
    heads_[at] = kNone;
    listed_[at / 64] &= ~(std::uint64_t{1} << at % 64);
  }
  while (!far_.empty() && far_.front().moment.value() == moment) {
    std::ranges::pop_heap(far_, std::greater<>{});
    open_.push_back(far_.back());
    far_.pop_back();
  }
  // What the ring still holds lies within kRing of `moment` too.
  if (moment > begin_) begin_ = moment;
  std::ranges::sort(open_);
}

}  // namespace settle
