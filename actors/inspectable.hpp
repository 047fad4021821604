// Purpose: what may be asked of an executor at any time, also while it runs or is wedged: nothing that it does waits
// for the asking, and the answer is there within about three seconds whatever hosts do. Implemented by executors whose
// vertices are actors. Thread rule: any thread.
#pragma once

#include <string>
#include <vector>

#include "actors/peer_counters.hpp"
#include "actors/placement.hpp"
#include "actors/protocol.hpp"

namespace settle {

// One host's part of a run, a moment ago. Counts are from its start on.
struct HostActivity {
  HostId host = 0;
  bool answered = true;           // else only `traffic` says something, as host 0 saw it
  std::uint64_t vertices = 0;     // that are there, replicas of inputs included
  Phase phase = Phase::idle;      // the one that it has begun last
  std::uint64_t handled = 0;      // by its vertices: messages, own wakes, the coordinator's word
  std::uint64_t outstanding = 0;  // of these, what is still to be handled
  // With all its peers: sums; of credit the least. `last_heard`: by host 0.
  PeerCounters traffic;
};

class Inspectable {
 public:
  virtual ~Inspectable() = default;
  // Of each host a line, and behind it one for every vertex that waits: for whom, in which phase.
  virtual std::vector<std::string> stacks() const = 0;
  // Of every host, in order.
  virtual std::vector<HostActivity> activity() const = 0;
};

}  // namespace settle
