// Purpose: what the directory of a study holds, read back into what its report shows. Rows that are not done are rows
// too. Caller: the study report. Thread rule: a value type.
// Errors: BadData naming the file that is not what a study writes.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "sim/study/axes.hpp"

namespace settle {

struct StudyRecordRow {
  enum class State { ok, diverged, failed, not_done };

  std::vector<std::string> values;  // by column of the study
  State state = State::not_done;
  std::string why;                 // it failed or diverged: what its log says last
  nlohmann::ordered_json results;  // objects
  nlohmann::ordered_json timings;
  std::filesystem::path directory;  // rows/NNNN, relative to the study's
  std::filesystem::path run;        // what its run wrote, likewise
};

struct StudyRecord {
  std::filesystem::path directory;
  std::string measure;
  std::vector<std::string> columns;
  StudyAxes axes;
  std::vector<StudyRecordRow> rows;

  // A row's result or timing of that name; none where it has none.
  static const nlohmann::ordered_json* find(const StudyRecordRow& row, const std::string& result);
  // The number in that column, a variable or a result; NaN where there is none.
  double number(const StudyRecordRow& row, const std::string& column) const;
  // The row's value of a variable; empty where that is none.
  const std::string& value(const StudyRecordRow& row, const std::string& variable) const;
  bool is_variable(const std::string& column) const;
  // Variables of more than one value.
  std::vector<std::string> varied() const;
};

std::string state_text(StudyRecordRow::State state);
// "Of 40 rows: 1 failed, 2 not done." Empty where all are done and none diverged.
std::string states_text(const StudyRecord& study);
std::size_t rows_in(const StudyRecord& study, StudyRecordRow::State state);

// `manifest`: that of the study.
StudyRecord read_study(const std::filesystem::path& directory, const nlohmann::json& manifest);

}  // namespace settle
