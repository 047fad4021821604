#include "sim/virtual/tick_trace.hpp"

#include <algorithm>

namespace settle {

TickTrace::TickTrace(Timeline& timeline, const Graph& graph, std::vector<HostId> hosts)
    : timeline_(timeline), graph_(graph), hosts_(std::move(hosts)), mail_(graph.size()), busy_until_(graph.size(), 0) {
  if (!timeline.spans.empty()) phase_begin_ = timeline.spans.back().end + kTick;
}

void TickTrace::begin_phase(Phase phase) {
  phase_ = phase;
  if (trial_begin_ == kNever) trial_begin_ = phase_begin_;
}

void TickTrace::end_phase(std::uint64_t trial, Tick length) {
  Instant end = instant(phase_ == Phase::relax ? length + 1 : 0);
  // What a vertex does in one phase may have been put off a little by what it did before.
  for (const Instant busy : busy_until_) end = std::max(end, busy);
  end = (std::max(phase_begin_ + 1, end) + kTick - 1) / kTick * kTick;
  timeline_.spans.push_back({phase_begin_, end, trial, phase_});
  phase_begin_ = end;
}

void TickTrace::end_trial(std::uint64_t trial) {
  timeline_.spans.push_back({trial_begin_, phase_begin_, trial, Phase::idle});
  trial_begin_ = kNever;
  phase_begin_ += kTick;
  for (std::vector<Origin>& mail : mail_) mail.clear();
}

void TickTrace::arrives(VertexId receiver, std::uint32_t flight, Tick tick) {
  timeline_.add(Timeline::Change{instant(tick), -1});
  mail_[receiver].push_back(origins_[flight]);
}

std::pair<Instant, Instant> TickTrace::note_work(VertexId vertex, Instant begin, Instant end, std::uint32_t acts) {
  std::vector<Origin>& mail = mail_[vertex];
  begin = std::max(begin, busy_until_[vertex]);
  for (const Origin& each : mail) begin = std::max(begin, each.sent + 1);
  end = std::max(end, begin + kQuarter);
  busy_until_[vertex] = end;
  timeline_.add(
      Timeline::Work{begin, end, lane(vertex), vertex, phase_, acts, static_cast<std::uint32_t>(mail.size())});
  for (const Origin& each : mail) timeline_.add(Timeline::Arrow{each.sent, begin, each.lane, lane(vertex), each.kind});
  mail.clear();
  return {begin, end};
}

void TickTrace::worked(VertexId vertex, Tick begin, Tick end, std::uint32_t acts) {
  const auto [first, last] = note_work(vertex, instant(begin), instant(end), acts);
  for (const Leaving& each : leaving_) {
    if (origins_.size() <= each.flight_or_receiver) origins_.resize(each.flight_or_receiver + 1);
    const Instant sent = std::clamp(instant(each.leaves), first, last - 1);
    origins_[each.flight_or_receiver] = {sent, lane(vertex), each.kind};
    timeline_.add(Timeline::Change{sent, 1});
  }
  leaving_.clear();
}

void TickTrace::worked_at_once(VertexId vertex) {
  const Vertex& what = graph_[vertex];
  const std::uint32_t turn = phase_ == Phase::predict ? what.depth : what.kind == VertexKind::computed ? 0 : 1;
  const Instant sent = note_work(vertex, phase_begin_ + turn * kQuarter, 0, 0).second - 1;
  for (const Leaving& each : leaving_) mail_[each.flight_or_receiver].push_back({sent, lane(vertex), each.kind});
  leaving_.clear();
}

}  // namespace settle
