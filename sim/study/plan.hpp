// Purpose: the rows of a study, from an ordinary config with a section [study]:
//   relax.tolerance = 0, 1e-4     a dotted name: a key of the config that takes these values in turn
//   net = 0, 1, 2                 a plain name: replaces {net} in the config's other values
//   measure, seeds, zip, jobs     reserved: what is measured; N (1..N) or a list of run.seed; names that go together,
//                                 groups of them with ; between (all others are crossed); how many rows run at once
//   x, y, series, log             reserved: what the report draws (axes.hpp)
// Rows are in the order of the lines, the last name fastest, seeds innermost. Caller: study.cpp.
// Thread rule: a value. Errors: BadConfig with FILE:LINE, all that load_run_config throws.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/config/load.hpp"
#include "sim/study/axes.hpp"
#include "sim/study/measure.hpp"

namespace settle {

struct StudyRow {
  std::vector<std::string> values;  // by column
  RunConfig config;                 // run.directory is still the study's
};

struct StudyPlan {
  const Measure* measure = nullptr;
  std::vector<std::string> columns;  // the names as written, then "seed" where there is more than one
  std::vector<StudyRow> rows;
  std::filesystem::path directory;
  std::optional<std::uint32_t> jobs;
  StudyAxes axes;
};

// "--study.name=value" among the arguments replaces a line of [study].
StudyPlan load_study_plan(const ConfigSources& sources);
StudyPlan load_study_plan(const ConfigSources& sources, std::string_view text);

}  // namespace settle
