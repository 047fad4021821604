// Purpose: records the trials of `probe.timeline` and writes DIRECTORY/timeline.json when the last of them is done, or
// the run ends before. A run that is resumed among them writes the others to timeline_from_N.json, N being the first.
// Caller: the session. Thread rule: one user, between runs of the executor.
// Errors: CannotCreate, CannotWrite.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "actors/executor.hpp"
#include "sim/config/run_config.hpp"
#include "sim/timeline_file.hpp"

namespace settle {

template <class Scalar>
class TimelineProbe {
 public:
  // Of a timeline: about 20 MB of memory, and up to 100 of JSON.
  static constexpr std::size_t kMostRecords = 500'000;

  TimelineProbe(const TrialRange& trials, GraphPtr graph, TimelineLanes lanes, std::filesystem::path directory)
      : trials_(trials), graph_(std::move(graph)), lanes_(lanes), directory_(std::move(directory)) {}

  // Where recording begins or ends after that many trials, so that a run of the executor must end there.
  std::uint64_t boundary(std::uint64_t trials) const noexcept;

  // Around each run of the executor that trains: after how many trials it begins, and has ended.
  void before(std::uint64_t trials, Executor<Scalar>& executor);
  // `ends`: no more will follow. Says what was written, if anything.
  std::string after(std::uint64_t trials, bool ends, Executor<Scalar>& executor);

 private:
  TrialRange trials_;
  GraphPtr graph_;
  TimelineLanes lanes_;
  std::filesystem::path directory_;
  std::optional<Timeline> timeline_;  // while it records
  std::uint64_t first_ = 0;           // that it has recorded, from 1
};

}  // namespace settle
