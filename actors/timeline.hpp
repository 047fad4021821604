// Purpose: what happened when, for people to look at: what vertices did, the messages between them, the phases of
// trials. Executors fill it in where they are told to (Executor::record); sim/timeline_file.hpp writes it for the usual
// viewers. It holds a bounded number of records and always a whole beginning: where there is no more room it notes the
// first instant of which something is missing, and whoever shows it stops there.
// Thread rule: one owner.
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "actors/protocol.hpp"
#include "graph/graph.hpp"

namespace settle {

// Of actors: nanoseconds of a steady clock. Of virtual time: thousandths of a tick.
using Instant = std::uint64_t;
inline constexpr Instant kNever = UINT64_MAX;

class Timeline {
 public:
  // Where something is done: what lies on one lane does not overlap, but for the phases, which nest. Lane 0 of host 0
  // is theirs; of actors a lane is a thread, of virtual time a vertex.
  struct Lane {
    std::uint32_t host = 0;
    std::uint32_t lane = 0;
    friend auto operator<=>(const Lane&, const Lane&) = default;
  };
  // A vertex works: it acts or sends. begin < end.
  struct Work {
    Instant begin;
    Instant end;
    Lane lane;
    VertexId vertex;
    Phase phase;
    std::uint32_t acts;      // of relaxation
    std::uint32_t messages;  // that came since it worked last
  };
  // From the work that sent a message to the first one after its arrival.
  struct Arrow {
    Instant sent;  // within that work
    Instant used;  // where the other begins
    Lane from;
    Lane to;
    MessageKind kind;
  };
  // So many messages (and other things to be done) more, or fewer, are outstanding.
  struct Change {
    Instant instant;
    std::int64_t by;
  };
  struct Span {
    Instant begin;
    Instant end;
    std::uint64_t trial;
    Phase phase;  // idle: the whole trial
  };

  explicit Timeline(std::size_t most = 0) : most_(most) {}

  std::size_t room() const noexcept {
    return complete_before_ == kNever ? most_ - std::min(most_, works.size() + arrows.size() + changes.size()) : 0;
  }
  // Of earlier instants everything is here.
  Instant complete_before() const noexcept { return complete_before_; }
  // Leaves it out where there is no room.
  void add(const Work& work) { add(works, work, work.begin); }
  void add(const Arrow& arrow) { add(arrows, arrow, arrow.used); }
  void add(const Change& change) { add(changes, change, change.instant); }
  // All that `part` has, whatever room there is.
  void append(const Timeline& part) {
    works.insert(works.end(), part.works.begin(), part.works.end());
    arrows.insert(arrows.end(), part.arrows.begin(), part.arrows.end());
    changes.insert(changes.end(), part.changes.begin(), part.changes.end());
    spans.insert(spans.end(), part.spans.begin(), part.spans.end());
    complete_before_ = std::min(complete_before_, part.complete_before_);
  }

  std::vector<Work> works;
  std::vector<Arrow> arrows;
  std::vector<Change> changes;
  std::vector<Span> spans;  // a few a trial: they take no room

 private:
  template <class Record>
  void add(std::vector<Record>& records, const Record& record, Instant instant) {
    if (room() > 0)
      records.push_back(record);
    else
      complete_before_ = std::min(complete_before_, instant);
  }

  std::size_t most_;  // works, arrows and changes
  Instant complete_before_ = kNever;
};

}  // namespace settle
