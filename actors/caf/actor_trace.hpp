// Purpose: what the actors of one executor record while a Timeline listens. Every thread that runs vertices has records
// of its own, and a vertex's mail is its owner's, so that nothing is locked; at the end of a trial, when nothing is
// outstanding, the coordinator hands all of it over. A lane is a thread, counted from 1.
// Thread rule: a lane's by its thread, a vertex's mail by who runs the vertex, the coordinator's by the coordinator
// while nothing is outstanding.
#pragma once

#include <chrono>
#include <vector>

#include "actors/timeline.hpp"

namespace settle {

class ActorTrace {
 public:
  // Where and when a message was sent.
  struct Origin {
    Instant sent;
    std::uint32_t lane;
    MessageKind kind;
  };

  ActorTrace(Timeline& timeline, std::size_t vertices, unsigned threads)
      : timeline_(timeline), threads_(threads), mail_(vertices) {
    divide_room();
  }

  static Instant now() noexcept {
    return static_cast<Instant>(std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
  }

  // --- a lane's ---
  // When what it does next begins: not before the end of what it did last.
  Instant begins(std::uint32_t lane) const noexcept { return std::max(now(), threads_[lane - 1].busy_until); }
  void arrived(VertexId vertex, const Origin& origin) { mail_[vertex].push_back(origin); }
  // The vertex has worked since `begin`, with its mail.
  void worked(std::uint32_t lane, VertexId vertex, Phase phase, Instant begin, std::uint32_t acts) {
    Thread& thread = threads_[lane - 1];
    thread.busy_until = std::max(now(), begin + 1);
    std::vector<Origin>& mail = mail_[vertex];
    const auto messages = static_cast<std::uint32_t>(mail.size());
    thread.records.add(Timeline::Work{begin, thread.busy_until, {0, lane}, vertex, phase, acts, messages});
    for (const Origin& each : mail)
      thread.records.add(Timeline::Arrow{each.sent, begin, {0, each.lane}, {0, lane}, each.kind});
    mail.clear();
  }
  void outstanding(std::uint32_t lane, std::int64_t change) {
    if (change != 0) threads_[lane - 1].records.add(Timeline::Change{now(), change});
  }

  // --- the coordinator's ---
  void phase_begins(std::size_t starters) {
    phase_begin_ = now();
    if (trial_begin_ == kNever) trial_begin_ = phase_begin_;
    timeline_.add(Timeline::Change{phase_begin_, static_cast<std::int64_t>(starters)});
  }
  void phase_ends(std::uint64_t trial, Phase phase) {
    timeline_.spans.push_back({phase_begin_, std::max(now(), phase_begin_ + 1), trial, phase});
  }
  void trial_ends(std::uint64_t trial) {
    timeline_.spans.push_back({trial_begin_, timeline_.spans.back().end, trial, Phase::idle});
    trial_begin_ = kNever;
    for (Thread& thread : threads_) timeline_.append(thread.records);
    for (std::vector<Origin>& mail : mail_) mail.clear();
    divide_room();
  }

 private:
  struct alignas(64) Thread {  // on a cache line of its own
    Timeline records;
    Instant busy_until = 0;
  };

  // A fair share each.
  void divide_room() {
    for (Thread& thread : threads_) thread.records = Timeline(timeline_.room() / threads_.size());
  }

  Timeline& timeline_;
  std::vector<Thread> threads_;
  std::vector<std::vector<Origin>> mail_;  // by vertex: what came since it worked last
  Instant phase_begin_ = 0;
  Instant trial_begin_ = kNever;
};

}  // namespace settle
