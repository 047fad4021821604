// Purpose: metrics.jsonl of a run, read back into what reports show. A last line that was cut off is left out: the run
// may be writing it now. Numbers that are not finite are written as null and come back as NaN. Kinds that are not known
// here are skipped.
// Caller: run reports. Thread rule: a value type. Errors: MissingInput; BadData naming FILE:LINE.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace settle {

struct TrainRow {
  std::uint64_t trial = 0;
  double loss = 0;  // per sample
  double free_energy = 0;
  double messages = 0;
  double acts = 0;
};

struct EpochRow {
  std::uint64_t trial = 0;
  std::uint64_t epoch = 0;
  double train_loss = 0;
  std::optional<double> train_accuracy;
  std::string held_out;  // "test" or "validation"; empty: neither
  double held_out_loss = 0;
  std::optional<double> held_out_accuracy;
};

struct VertexNumber {
  std::string vertex;
  double number = 0;
};

struct NamedNumber {
  std::string name;
  double number = 0;
};

struct FidelityEntry {
  std::string vertex;
  double received = 0;
  double relative_error = 0;
  double cosine = 0;
  std::optional<double> predicted;  // the share that the closed form says it has received
};

struct FidelityRow {
  std::uint64_t trial = 0;
  std::vector<FidelityEntry> vertices;
};

struct EnergyRow {
  std::uint64_t trial = 0;
  std::vector<VertexNumber> vertices;
};

struct StalenessRow {
  std::uint64_t trial = 0;
  std::vector<double> ages;         // counts by age since the run began
  std::vector<double> tick_ages;    // of the trial, in virtual time: [0] of 0 ticks, [k] from 2^(k - 1) to below 2^k
  std::vector<NamedNumber> totals;  // of the trial, in virtual time: "dropped", "resent", ...
};

struct VertexCounts {
  std::string vertex;
  double acts = 0;
  double messages = 0;
};

struct VertexCountsRow {
  std::uint64_t trial = 0;
  std::vector<VertexCounts> vertices;
};

struct Divergence {
  std::uint64_t trial = 0;
  std::string vertex;
};

struct RunMetrics {
  std::vector<TrainRow> train;
  std::vector<EpochRow> epochs;
  std::vector<FidelityRow> fidelity;
  std::vector<EnergyRow> energy;
  std::vector<StalenessRow> staleness;
  std::vector<VertexCountsRow> counts;
  std::optional<Divergence> diverged;
};

RunMetrics read_metrics(const std::filesystem::path& file);

}  // namespace settle
