// Purpose: virtual time and what happens in it. An event's order is total and lies in its type, so that a run is a
// function of what is scheduled, never of who scheduled it first:
//   tick, then kind (at a tick messages arrive before vertices act), then receiving vertex, slot, version.
// No two events of one phase compare equal: a vertex has at most one act scheduled, a link carries a version once. Only
// answers without a tensor (rates by curvature) repeat their link's last version: where one arrives at the tick of
// another, all is stored and noted alike in either order before the receiver acts.
// Callers: the executor and its queue. Thread rule: value types.
#pragma once

#include <compare>
#include <cstdint>

#include "graph/graph.hpp"

namespace settle {

using Tick = std::uint64_t;

// No key says more ticks than this, so that sums of a few of them stay far from the end of time.
inline constexpr Tick kLongestTime = Tick{1} << 40;

enum class EventKind : std::uint8_t {
  departure,  // a message leaves: after its act, or again
  delivery,   // a message arrives
  act,        // a vertex acts
};

inline constexpr Tick kEndOfTime = Tick{1} << 62;

// Tick and kind as one number that orders as they do. Requires: tick < kEndOfTime.
class Moment {
 public:
  constexpr Moment() = default;
  constexpr Moment(Tick tick, EventKind kind) : value_(tick << 2 | static_cast<std::uint64_t>(kind)) {}
  constexpr Tick tick() const noexcept { return value_ >> 2; }
  constexpr EventKind kind() const noexcept { return static_cast<EventKind>(value_ & 3); }
  constexpr std::uint64_t value() const noexcept { return value_; }
  friend constexpr auto operator<=>(const Moment&, const Moment&) = default;

 private:
  std::uint64_t value_ = 0;
};

struct Event {
  Moment moment;
  VertexId vertex = 0;        // the receiver, or who acts
  Slot slot = 0;              // at the receiver: its parents' slots, then its children's
  std::uint32_t version = 0;  // of the message
  std::uint32_t flight = 0;   // where the message lies meanwhile

  friend constexpr std::strong_ordering operator<=>(const Event& a, const Event& b) noexcept {
    if (const auto order = a.moment <=> b.moment; order != 0) return order;
    if (const auto order = a.vertex <=> b.vertex; order != 0) return order;
    if (const auto order = a.slot <=> b.slot; order != 0) return order;
    return a.version <=> b.version;
  }
  friend constexpr bool operator==(const Event& a, const Event& b) noexcept { return (a <=> b) == 0; }
};

}  // namespace settle
