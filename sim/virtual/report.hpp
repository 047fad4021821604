// Purpose: what a trial's relax phase was in virtual time. Thread rule: a value type.
#pragma once

#include "actors/node_core.hpp"
#include "sim/virtual/event.hpp"

namespace settle {

struct VirtualReport {
  Tick settled_after = 0;        // when the last act was done and the last message had arrived; the phase starts at 0
  std::uint64_t events = 0;      // departures that were put off, deliveries and acts
  std::uint64_t messages = 0;    // sent, each counted once however often it was sent again
  std::uint64_t bytes = 0;       // of their tensors
  std::uint64_t acts = 0;        // of all vertices
  std::uint64_t dropped = 0;     // lost for good
  std::uint64_t resent = 0;      // lost, and sent again
  std::uint64_t superseded = 0;  // arrived after a newer message of the same link
  AgeHistogram ages{};           // of the slots used, in versions; where `staleness` is on, and pacing asynchronous
  friend bool operator==(const VirtualReport&, const VirtualReport&) = default;
};

}  // namespace settle
