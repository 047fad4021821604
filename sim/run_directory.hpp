// Purpose: the folder that a run writes, held by a lock while it runs:
//   lock           the process id of the run that holds it (the system lets go when that process ends, however)
//   manifest.json  what was asked for (sim/run_manifest.hpp)
//   metrics.jsonl  one JSON object a line, in the order of trials, each with "schema" and mostly with "trial"
//   traces/        TRIAL.csv: how that trial relaxed (sim/session/trace_probe.hpp)
//   checkpoints/   sim/checkpoint.hpp
//   result.json    written when the run is complete
//   report.html    and report/: sim/report/run_report.hpp
// Caller: the session. Thread rule: one user at a time.
// Errors: CannotCreate where the folder cannot be made, is held by another run or holds something else; CannotWrite;
// BadData where a file of ours cannot be understood.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>

#include "sim/file_system.hpp"

namespace settle {

// The manifest of the run in that folder, whoever holds it now. Errors: BadData.
std::optional<nlohmann::json> read_run_manifest(const std::filesystem::path& run_directory);
// A process has a run there.
bool is_held(const std::filesystem::path& run_directory);
// Its result; none where it is not complete. Errors: BadData.
std::optional<nlohmann::json> read_run_result(const std::filesystem::path& run_directory);

class RunDirectory {
 public:
  // Makes the folder, or goes on in one that a run made before, and locks it until destruction.
  explicit RunDirectory(std::filesystem::path path, FileSystem& files = FileSystem::system());

  const std::filesystem::path& path() const noexcept { return path_; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }

  std::optional<nlohmann::json> manifest() const;
  void write_manifest(const nlohmann::json& manifest);

  std::optional<nlohmann::json> result() const;
  // Replaces that of a shorter run.
  void write_result(const nlohmann::json& result);

  // Replaces that of an earlier attempt at the trial.
  void write_trace(std::uint64_t trial, const std::string& csv);

  // Adds "schema". The row is the system's at once: it survives the end of this process.
  void append_metrics(nlohmann::json row);
  // Makes the rows so far survive a power cut: before a checkpoint that counts on them.
  void sync_metrics();
  // Drops the rows from the first one of a later trial on, and a last one that was cut off: what a resumed run will
  // write again.
  void cut_metrics_after(std::uint64_t trial);

 private:
  std::filesystem::path metrics_path() const { return path_ / "metrics.jsonl"; }

  std::filesystem::path path_;
  FileSystem& files_;
  Descriptor lock_;
  Descriptor metrics_;  // opened by the first row
};

}  // namespace settle
