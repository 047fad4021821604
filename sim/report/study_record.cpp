#include "sim/report/study_record.hpp"

#include <algorithm>
#include <cmath>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/study/row.hpp"

namespace settle {
namespace {

StudyRecordRow read_row(const std::filesystem::path& study, std::size_t number, const nlohmann::json& planned) {
  using State = StudyRecordRow::State;
  StudyRecordRow row;
  row.values = planned.at("values").get<std::vector<std::string>>();
  row.directory = study_row_directory("", number);
  row.run = row.directory / "run";
  if (const auto result = study_row_result(study, number)) {
    row.state = result->at("status").get<std::string>() == "ok" ? State::ok : State::diverged;
    row.results = result->at("results");
    row.timings = result->at("timings");
    if (row.state == State::diverged) row.why = study_row_last_words(study, number);
  } else if (const std::optional<StudyRowFailure> failure = study_row_failure(study, number)) {
    row.state = State::failed;
    row.why = "exit code " + std::to_string(failure->exit_code) + ": " + failure->message;
  }
  return row;
}

}  // namespace

std::string state_text(StudyRecordRow::State state) {
  switch (state) {
    case StudyRecordRow::State::ok:
      return "ok";
    case StudyRecordRow::State::diverged:
      return "diverged";
    case StudyRecordRow::State::failed:
      return "failed";
    case StudyRecordRow::State::not_done:
      break;
  }
  return "not done";
}

std::size_t rows_in(const StudyRecord& study, StudyRecordRow::State state) {
  return static_cast<std::size_t>(std::ranges::count(study.rows, state, &StudyRecordRow::state));
}

std::string states_text(const StudyRecord& study) {
  using State = StudyRecordRow::State;
  std::string text;
  for (const State state : {State::failed, State::not_done, State::diverged})
    if (const std::size_t rows = rows_in(study, state); rows > 0)
      text += (text.empty() ? "" : ", ") + std::to_string(rows) + " " + state_text(state);
  return text.empty() ? "" : "Of " + std::to_string(study.rows.size()) + " rows: " + text + ".";
}

const nlohmann::ordered_json* StudyRecord::find(const StudyRecordRow& row, const std::string& result) {
  for (const nlohmann::ordered_json* part : {&row.results, &row.timings})
    if (const auto found = part->find(result); found != part->end()) return &*found;
  return nullptr;
}

double StudyRecord::number(const StudyRecordRow& row, const std::string& column) const {
  if (is_variable(column)) return key_types::number_of<double>(value(row, column)).value_or(NAN);
  const nlohmann::ordered_json* found = find(row, column);
  return found != nullptr && found->is_number() ? found->get<double>() : NAN;
}

const std::string& StudyRecord::value(const StudyRecordRow& row, const std::string& variable) const {
  static const std::string kNone;
  const auto found = std::ranges::find(columns, variable);
  return found == columns.end() ? kNone : row.values[static_cast<std::size_t>(found - columns.begin())];
}

bool StudyRecord::is_variable(const std::string& column) const {
  return std::ranges::find(columns, column) != columns.end();
}

std::vector<std::string> StudyRecord::varied() const {
  std::vector<std::string> names;
  for (const std::string& column : columns)
    if (std::ranges::any_of(rows, [&](const auto& row) { return value(row, column) != value(rows.front(), column); }))
      names.push_back(column);
  return names;
}

StudyRecord read_study(const std::filesystem::path& directory, const nlohmann::json& manifest) {
  try {
    const nlohmann::json& config = manifest.at("config");
    StudyRecord study{directory, config.at("measure"), config.at("columns"), study_axes_of(manifest.at("axes")), {}};
    for (const nlohmann::json& planned : config.at("rows")) {
      study.rows.push_back(read_row(directory, study.rows.size(), planned));
      if (study.rows.back().values.size() != study.columns.size())
        throw BadData((directory / "manifest.json").string() + ": row " + std::to_string(study.rows.size()) +
                      " does not have a value for each column");
    }
    return study;
  } catch (const nlohmann::json::exception& error) {
    throw BadData((directory / "manifest.json").string() + ": no manifest of a study: " + error.what() +
                  "; run `settle study` again, which writes it anew");
  }
}

}  // namespace settle
