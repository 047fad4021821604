// Purpose: what virtual time adds to a Timeline. A lane is a vertex, on its host. Trials follow each other; within one
// the ticks of relax follow predict. What takes no time is drawn all the same: work of no ticks a quarter of one wide,
// predict and learn as a sweep over the vertices' depths, a quarter of a tick each.
// Caller: the executor. Thread rule: one owner.
#pragma once

#include <utility>
#include <vector>

#include "actors/placement.hpp"
#include "actors/timeline.hpp"
#include "sim/virtual/event.hpp"

namespace settle {

class TickTrace {
 public:
  // Requires: both outlive it.
  TickTrace(Timeline& timeline, const Graph& graph, std::vector<HostId> hosts);

  void begin_phase(Phase phase);
  void end_phase(std::uint64_t trial, Tick length);
  void end_trial(std::uint64_t trial);

  // The vertex that works now sends: in relax a message that leaves at that tick, and that `flight` names until it
  // arrives or is lost; in predict and learn one that is with its receiver at once.
  void sends(std::uint32_t flight, MessageKind kind, Tick leaves) { leaving_.push_back({flight, kind, leaves}); }
  void sends_at_once(VertexId receiver, MessageKind kind) { leaving_.push_back({receiver, kind, 0}); }
  void arrives(VertexId receiver, std::uint32_t flight, Tick tick);
  void lost(Tick tick) { timeline_.add(Timeline::Change{instant(tick + 1), -1}); }  // once it was sent, to be drawn
  // The vertex has worked with what has arrived: in relax from tick `begin` to tick `end`.
  void worked(VertexId vertex, Tick begin, Tick end, std::uint32_t acts);
  void worked_at_once(VertexId vertex);

 private:
  struct Origin {
    Instant sent;
    Timeline::Lane lane;
    MessageKind kind;
  };
  struct Leaving {
    std::uint32_t flight_or_receiver;
    MessageKind kind;
    Tick leaves;
  };

  Instant instant(Tick tick) const noexcept { return phase_begin_ + tick * kTick; }
  Timeline::Lane lane(VertexId vertex) const noexcept { return {hosts_[vertex], vertex + 1}; }
  // From when to when it is drawn.
  std::pair<Instant, Instant> note_work(VertexId vertex, Instant begin, Instant end, std::uint32_t acts);

  static constexpr Instant kTick = 1000;
  static constexpr Instant kQuarter = kTick / 4;

  Timeline& timeline_;
  const Graph& graph_;
  std::vector<HostId> hosts_;  // by vertex
  Phase phase_ = Phase::idle;
  Instant trial_begin_ = kNever;
  Instant phase_begin_ = 0;
  std::vector<Leaving> leaving_;
  std::vector<Origin> origins_;            // by flight
  std::vector<std::vector<Origin>> mail_;  // by vertex: what came since it worked last
  std::vector<Instant> busy_until_;        // by vertex
};

}  // namespace settle
