// Purpose: what a trial's relax phase was in virtual time. Thread rule: a value type.
#pragma once

#include <nlohmann/json.hpp>

#include "actors/node_core.hpp"
#include "sim/virtual/event.hpp"

namespace settle {

// Of the slots used: [0] counts ages of 0 ticks, [k] those from 2^(k - 1) to below 2^k, the last one all above too.
using TickAges = std::array<std::uint64_t, 42>;

struct VirtualReport {
  Tick settled_after = 0;        // when the last act was done and the last message had arrived; the phase starts at 0
  std::uint64_t events = 0;      // departures that were put off, deliveries and acts
  std::uint64_t messages = 0;    // sent, each counted once however often it was sent again
  std::uint64_t bytes = 0;       // of their tensors
  std::uint64_t acts = 0;        // of all vertices
  std::uint64_t dropped = 0;     // lost for good
  std::uint64_t resent = 0;      // lost, and sent again
  std::uint64_t superseded = 0;  // arrived after a newer message of the same link
  // Of the slots used, where `staleness` is on and pacing asynchronous: how many versions behind they were, and how
  // long before the act what lay in them had been sent (the age of information).
  AgeHistogram ages{};
  TickAges tick_ages{};
  friend bool operator==(const VirtualReport&, const VirtualReport&) = default;
};

// An object: "virtual_ticks" for settled_after, the other counts by their names, "slot_ages" and, where it counts
// any, "slot_ages_ticks" (TickAges without the zeros at its end).
nlohmann::json to_json(const VirtualReport& report);

}  // namespace settle
