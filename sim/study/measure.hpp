// Purpose: what a study does with each of its rows. A new measure is one file in sim/study/measures and one line in
// measures.cpp. Caller: study.cpp, in the row's own process. Thread rule: one caller.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "sim/config/run_config.hpp"
#include "sim/session/session.hpp"

namespace settle {

// What the composition root gives, for either precision.
struct MeasureOptions {
  SessionOptions<float> float32;
  SessionOptions<double> float64;
};

struct MeasureOutcome {
  bool complete = false;                                              // false: asked to stop; another time
  nlohmann::ordered_json results = nlohmann::ordered_json::object();  // functions of the config: of results.csv
  nlohmann::ordered_json timings = nlohmann::ordered_json::object();  // the rest: of timing.csv
  std::string trace = {};                                             // CSV, for trace.csv; empty: none
};

struct Measure {
  std::string_view name;
  bool needs_data;  // false: synthetic data where the config names no dataset
  // Keeps what it needs in config.run.directory. Errors: Diverged, which is a result; all others are the row's failure.
  MeasureOutcome (*run)(const RunConfig& config, const MeasureOptions& options);
  std::span<const std::string_view> columns;  // all that results and timings may hold
  std::span<const std::string_view> main;     // of them, what a report draws where [study] does not say
};

// Calls `run` with the options of the precision that the config computes in.
template <class Run>
MeasureOutcome in_precision_of(const RunConfig& config, const MeasureOptions& options, Run run) {
  return config.run.scalar == RunSectionConfig::Scalar::float64 ? run(options.float64) : run(options.float32);
}

std::span<const Measure* const> measures();

}  // namespace settle
