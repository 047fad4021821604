#include "sim/virtual/event_queue.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <functional>
#include <numeric>
#include <utility>

namespace settle {
namespace {

constexpr std::size_t kFewEvents = 256;  // that are sorted at once
constexpr std::size_t kGroup = 16;       // events of a group, about

}  // namespace

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
  std::uint32_t head = heads_[at];
  if (head == kNone || blocks_[head].count == blocks_[head].entries.size()) {
    const std::uint32_t block = free_ == kNone ? static_cast<std::uint32_t>(blocks_.size()) : free_;
    if (free_ == kNone)
      blocks_.emplace_back();
    else
      free_ = blocks_[block].next;
    blocks_[block].next = head;
    blocks_[block].count = 0;
    heads_[at] = head = block;
    listed_[at / 64] |= std::uint64_t{1} << at % 64;
  }
  Block& block = blocks_[head];
  block.entries[block.count++] = {event.vertex, event.slot, event.version, event.flight};
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
  if (near == moment) take_blocks(moment);
  while (!far_.empty() && far_.front().moment.value() == moment) {
    std::ranges::pop_heap(far_, std::greater<>{});
    open_.push_back(far_.back());
    far_.pop_back();
  }
  // What the ring still holds lies within kRing of `moment` too.
  if (moment > begin_) begin_ = moment;
  sort_open();
}

void EventQueue::take_blocks(std::uint64_t moment) {
  const std::size_t at = place(moment);
  const Moment of_all(moment >> 2, static_cast<EventKind>(moment & 3));
  for (std::uint32_t head = heads_[at]; head != kNone;) {
    Block& block = blocks_[head];
    for (std::uint32_t k = 0; k < block.count; ++k) {
      const Entry& entry = block.entries[k];
      open_.push_back({of_all, entry.vertex, entry.slot, entry.version, entry.flight});
    }
    const std::uint32_t next = std::exchange(block.next, free_);
    free_ = head;
    head = next;
  }
  heads_[at] = kNone;
  listed_[at / 64] &= ~(std::uint64_t{1} << at % 64);
}

// Many events are first scattered into groups of neighbouring vertices, small enough to be sorted in cache.
void EventQueue::sort_open() {
  if (open_.size() < kFewEvents) {
    std::ranges::sort(open_);
    return;
  }
  VertexId last = 0;
  for (const Event& event : open_) last = std::max(last, event.vertex);
  const auto per_group = static_cast<VertexId>(1 + std::uint64_t{last} * kGroup / open_.size());
  group_begins_.assign(last / per_group + 2, 0);
  for (const Event& event : open_) ++group_begins_[event.vertex / per_group + 1];
  std::partial_sum(group_begins_.begin(), group_begins_.end(), group_begins_.begin());
  scattered_.resize(open_.size());
  for (const Event& event : open_) scattered_[group_begins_[event.vertex / per_group]++] = event;
  auto begin = scattered_.begin();
  for (std::size_t group = 0; group + 1 < group_begins_.size(); ++group) {
    const auto end = scattered_.begin() + group_begins_[group];
    std::sort(begin, end);
    begin = end;
  }
  std::swap(open_, scattered_);
}

}  // namespace settle
