// Purpose: what a study does with each of its rows. A new measure is one file in sim/study/measures and one line in
// measures.cpp. Caller: study.cpp, in the row's own process. Thread rule: one caller.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <span>
#include <string_view>

#include "sim/config/run_config.hpp"
#include "sim/session/session.hpp"

namespace settle {

// Runs a session in either precision, with executors that the composition root makes.
using SessionRunner = std::function<SessionOutcome(const RunConfig&)>;

struct MeasureOutcome {
  bool complete = false;           // false: asked to stop; the row goes on another time
  nlohmann::ordered_json results;  // functions of the config: columns of results.csv
  nlohmann::ordered_json timings;  // the rest: columns of timing.csv
};

struct Measure {
  std::string_view name;
  // Keeps what it needs in config.run.directory. Errors: Diverged, which is a result; all others are the row's failure.
  MeasureOutcome (*run)(const RunConfig& config, const SessionRunner& run_session);
  std::span<const std::string_view> columns;  // all that results and timings may hold
  std::span<const std::string_view> main;     // of them, what a report draws where [study] does not say
};

std::span<const Measure* const> measures();

}  // namespace settle
