// Purpose: what must hold of a timeline in the Trace Event Format, whoever wrote it. Source of the rules: "Trace Event
// Format" (docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU): complete events of one thread
// nest; a flow has a begin and an end, each within a slice. Caller: tests. Thread rule: pure.
#pragma once

#include <algorithm>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace settle::test {

struct TraceSlice {
  std::int64_t begin = 0;  // ns
  std::int64_t end = 0;
  std::string name;
  std::string category;
  nlohmann::json arguments;
};

class TraceEvents {
 public:
  using Lane = std::pair<int, int>;  // pid, tid

  explicit TraceEvents(const std::string& text) : json_(nlohmann::json::parse(text)) {
    for (const nlohmann::json& event : json_.at("traceEvents")) {
      const std::string kind = event.at("ph");
      const Lane lane{event.at("pid"), event.at("tid")};
      if (kind == "X")
        slices[lane].push_back({time(event.at("ts")), time(event.at("ts")) + time(event.at("dur")), event.at("name"),
                                event.at("cat"), event.at("args")});
      else if (kind == "s" || kind == "f")
        (kind == "s" ? begins : ends).emplace(event.at("id"), std::pair(lane, time(event.at("ts"))));
      else if (kind == "C")
        counts.push_back({time(event.at("ts")), event.at("args").at("outstanding")});
      else if (kind == "M")
        names[event.at("name")][lane] = event.at("args");
      else
        faults_.push_back("an event of kind " + kind);
      if (kind == "f" && event.at("bp") != "e") faults_.push_back("a flow ends after a slice, not in it");
    }
  }

  // Empty where all is well.
  std::string fault() {
    if (!faults_.empty()) return faults_.front();
    for (auto& [lane, all] : slices)
      if (std::string text = nesting_fault(all); !text.empty()) return text + at(lane);
    for (const auto& [lane, all] : slices)
      for (const auto& key : {"thread_name", "thread_sort_index"})
        if (!names[key].contains(lane)) return "no " + std::string(key) + at(lane);
    if (std::string text = flow_fault(); !text.empty()) return text;
    if (std::string text = phase_fault(); !text.empty()) return text;
    for (std::size_t k = 0; k < counts.size(); ++k) {
      if (counts[k].second < 0) return "fewer than nothing is outstanding";
      if (k > 0 && counts[k].first <= counts[k - 1].first) return "counts are out of order";
    }
    return {};
  }

  // All slices of that category; "phases" for those of the first lane.
  std::vector<TraceSlice> of(const std::string& category) const {
    std::vector<TraceSlice> found;
    for (const auto& [lane, all] : slices)
      for (const TraceSlice& slice : all)
        if (slice.category == category) found.push_back(slice);
    return found;
  }
  const nlohmann::json& about() const { return json_.at("otherData"); }

  std::map<Lane, std::vector<TraceSlice>> slices;
  std::map<std::int64_t, std::pair<Lane, std::int64_t>> begins;
  std::map<std::int64_t, std::pair<Lane, std::int64_t>> ends;
  std::vector<std::pair<std::int64_t, std::int64_t>> counts;
  std::map<std::string, std::map<Lane, nlohmann::json>> names;

 private:
  static std::int64_t time(const nlohmann::json& microseconds) {
    return std::llround(microseconds.get<double>() * 1000);
  }
  static std::string at(const Lane& lane) {
    return " on thread " + std::to_string(lane.second) + " of process " + std::to_string(lane.first);
  }

  static std::string nesting_fault(std::vector<TraceSlice>& all) {
    std::ranges::stable_sort(all, [](const TraceSlice& a, const TraceSlice& b) {
      return std::pair(a.begin, -a.end) < std::pair(b.begin, -b.end);
    });
    std::vector<std::int64_t> open;
    for (const TraceSlice& slice : all) {
      if (slice.end <= slice.begin) return "'" + slice.name + "' ends before it has begun";
      while (!open.empty() && open.back() <= slice.begin) open.pop_back();
      if (!open.empty() && open.back() < slice.end) return "'" + slice.name + "' overlaps another slice";
      open.push_back(slice.end);
    }
    return {};
  }

  // Requires: sorted.
  const TraceSlice* slice_at(const Lane& lane, std::int64_t time) const {
    const auto found = slices.find(lane);
    if (found == slices.end()) return nullptr;
    const auto after = std::ranges::upper_bound(found->second, time, {}, &TraceSlice::begin);
    if (after == found->second.begin()) return nullptr;
    const TraceSlice& slice = *std::prev(after);
    return time < slice.end ? &slice : nullptr;
  }
  std::string flow_fault() const {
    if (begins.size() != ends.size()) return "a flow has one end only";
    for (const auto& [id, begin] : begins) {
      const std::string name = "flow " + std::to_string(id);
      if (!ends.contains(id)) return name + " has no end";
      const auto& end = ends.at(id);
      if (end.second < begin.second) return name + " ends before it has begun";
      if (!slice_at(begin.first, begin.second)) return name + " begins in no slice";
      const TraceSlice* last = slice_at(end.first, end.second);
      if (!last || last->begin != end.second) return name + " does not end where a slice begins";
    }
    return {};
  }

  std::string phase_fault() const {
    const std::vector<TraceSlice> phases = of("phases");
    for (const auto& [lane, all] : slices)
      for (const TraceSlice& slice : all) {
        if (slice.category == "phases") {
          if (lane != Lane{0, 0}) return "a phase" + at(lane);
          continue;
        }
        const bool covered = std::ranges::any_of(phases, [&](const TraceSlice& phase) {
          return phase.name == slice.category && phase.begin <= slice.begin && slice.end <= phase.end;
        });
        if (!covered) return "'" + slice.name + "' works in " + slice.category + " outside of that phase";
      }
    for (const TraceSlice& phase : phases) {
      const bool trial = phase.name.starts_with("trial ");
      const bool within = std::ranges::any_of(phases, [&](const TraceSlice& other) {
        return other.name == "trial " + phase.arguments.at("trial").dump() && other.begin <= phase.begin &&
               phase.end <= other.end;
      });
      if (!trial && !within) return phase.name + " lies in no trial";
    }
    return {};
  }

  nlohmann::json json_;
  std::vector<std::string> faults_;
};

}  // namespace settle::test
