#include "sim/timeline_file.hpp"

#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "sim/atomic_file.hpp"

namespace settle {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;  // bytes that are written at once

template <class Text>
std::string json_text(const Text& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// Thousandths as microseconds.
std::string microseconds(Instant thousandths) {
  char text[32];
  std::snprintf(text, sizeof text, "%llu.%03llu", static_cast<unsigned long long>(thousandths / 1000),
                static_cast<unsigned long long>(thousandths % 1000));
  return text;
}

std::string at(const Timeline::Lane& lane) {
  return "\"pid\":" + std::to_string(lane.host) + ",\"tid\":" + std::to_string(lane.lane);
}

class Writer {
 public:
  Writer(const Timeline& timeline, const Graph& graph, TimelineLanes lanes, AtomicFile& file)
      : timeline_(timeline), graph_(graph), lanes_(lanes), file_(file) {
    for (const Timeline::Span& span : timeline.spans) zero_ = std::min(zero_, span.begin);
  }

  void write() {
    text_ = "{\"displayTimeUnit\":\"ns\",\"otherData\":" + about() + ",\"traceEvents\":[";
    name_lanes();
    for (const Timeline::Span& span : timeline_.spans) {
      const bool whole = span.phase == Phase::idle;
      const std::string trial = std::to_string(span.trial + 1);
      slice(whole ? "trial " + trial : std::string(phase_name(span.phase)), "phases", {}, span.begin, span.end,
            "\"trial\":" + trial);
    }
    for (const Timeline::Work& work : timeline_.works)
      if (complete(work.begin))
        slice(graph_[work.vertex].name, phase_name(work.phase), work.lane, work.begin, work.end,
              "\"acts\":" + std::to_string(work.acts) + ",\"messages\":" + std::to_string(work.messages));
    for (const Timeline::Arrow& arrow : timeline_.arrows)
      if (complete(arrow.used)) flow(arrow);
    count();
    text_ += "\n]}\n";
    file_.write(text_);
  }

 private:
  bool complete(Instant instant) const noexcept { return instant < timeline_.complete_before(); }
  std::string time(Instant instant) const { return microseconds(instant - zero_); }

  std::string about() const {
    nlohmann::json about = {{"time", lanes_ == TimelineLanes::vertices
                                         ? "virtual: 1 us is one tick; what takes no time is drawn a quarter wide"
                                         : "real"}};
    if (timeline_.complete_before() != kNever)
      about["left out"] = "there was room for the first " +
                          std::to_string(timeline_.works.size() + timeline_.arrows.size() + timeline_.changes.size()) +
                          " records only: work and messages from " + time(timeline_.complete_before()) +
                          " us on are left out";
    return about.dump();
  }

  void event(const std::string& fields) {
    text_ += (first_ ? "\n{" : ",\n{") + fields + "}";
    first_ = false;
    if (text_.size() < kPiece) return;
    file_.write(text_);
    text_.clear();
  }

  void name(const char* what, const Timeline::Lane& lane, const std::string& key, const std::string& value) {
    event("\"ph\":\"M\",\"name\":\"" + std::string(what) + "\"," + at(lane) + ",\"args\":{\"" + key + "\":" + value +
          "}");
  }
  void name_lanes() {
    std::set<Timeline::Lane> lanes{Timeline::Lane{}};
    for (const Timeline::Work& work : timeline_.works) lanes.insert(work.lane);
    std::set<std::uint32_t> hosts;
    for (const Timeline::Lane& lane : lanes) {
      if (hosts.insert(lane.host).second)
        name("process_name", {lane.host, 0}, "name", json_text("host " + std::to_string(lane.host)));
      std::string text = "thread " + std::to_string(lane.lane);
      if (lane.lane == 0)
        text = "phases";
      else if (lanes_ == TimelineLanes::vertices)
        text = graph_[lane.lane - 1].name;
      name("thread_name", lane, "name", json_text(text));
      name("thread_sort_index", lane, "sort_index", std::to_string(lane.lane));
    }
  }

  void slice(std::string_view name, std::string_view category, const Timeline::Lane& lane, Instant begin, Instant end,
             const std::string& arguments) {
    event("\"ph\":\"X\",\"name\":" + json_text(name) + ",\"cat\":\"" + std::string(category) + "\"," + at(lane) +
          ",\"ts\":" + time(begin) + ",\"dur\":" + microseconds(end - begin) + ",\"args\":{" + arguments + "}");
  }

  void flow(const Timeline::Arrow& arrow) {
    const std::string common = "\"name\":\"" + std::string(arrow.kind == MessageKind::value ? "value" : "feedback") +
                               "\",\"cat\":\"messages\",\"id\":" + std::to_string(++flows_) + ",";
    event("\"ph\":\"s\"," + common + at(arrow.from) + ",\"ts\":" + time(arrow.sent));
    event("\"ph\":\"f\",\"bp\":\"e\"," + common + at(arrow.to) + ",\"ts\":" + time(arrow.used));
  }

  void count() {
    std::vector<Timeline::Change> changes = timeline_.changes;
    std::ranges::stable_sort(changes, {}, &Timeline::Change::instant);
    std::int64_t outstanding = 0;
    for (std::size_t k = 0; k < changes.size() && complete(changes[k].instant); ++k) {
      outstanding += changes[k].by;
      if (k + 1 < changes.size() && changes[k + 1].instant == changes[k].instant) continue;
      event("\"ph\":\"C\",\"name\":\"outstanding\"," + at({}) + ",\"ts\":" + time(changes[k].instant) +
            ",\"args\":{\"outstanding\":" + std::to_string(outstanding) + "}");
    }
  }

  const Timeline& timeline_;
  const Graph& graph_;
  TimelineLanes lanes_;
  AtomicFile& file_;
  Instant zero_ = kNever;
  std::string text_;
  bool first_ = true;
  std::uint64_t flows_ = 0;
};

}  // namespace

void write_timeline(const Timeline& timeline, const Graph& graph, TimelineLanes lanes,
                    const std::filesystem::path& path, FileSystem& files) {
  AtomicFile file(path, files);
  Writer(timeline, graph, lanes, file).write();
  file.commit();
}

}  // namespace settle
