// Purpose: what the report of a study draws, from the reserved lines of [study]:
//   x = COLUMN              a variable or a result; default: the first numeric variable, else the first of several
//   values y = COLUMN, ...         results, a figure each; default: the measure's main ones series = VARIABLE, ...  a
//   line or a group of bars each; default: every other variable of several values but the seed log = none|x|y|xy which
//   axes are logarithmic; default: none
// Variables that others determine (they are zipped with them) are no default. Kept in the study's manifest; no part of
// what the study is: other axes draw the same rows. Callers: plan.cpp, study.cpp, the study report. Thread rule: a
// value.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "sim/study/lines.hpp"
#include "sim/study/measure.hpp"

namespace settle {

inline constexpr std::string_view kSeedColumn = "seed";

// A study's variables, by column, and their values, by row.
struct StudyValues {
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
};

struct StudyAxes {
  std::string x;  // empty: the study has no variables
  std::vector<std::string> y;
  std::vector<std::string> series;
  bool log_x = false;
  bool log_y = false;
};

bool is_axes_line(std::string_view name);

// Errors: BadConfig naming the line, for a column that is none and for a logarithm of what is no number.
StudyAxes study_axes(const StudyLines& lines, const Measure& measure, const StudyValues& values);

nlohmann::json to_json(const StudyAxes& axes);
// Errors: nlohmann::json::exception where it is not what to_json writes.
StudyAxes study_axes_of(const nlohmann::json& json);

}  // namespace settle
