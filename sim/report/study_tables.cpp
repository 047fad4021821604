#include "sim/report/study_tables.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/report/column_words.hpp"
#include "sim/report/page_parts.hpp"
#include "sim/report/text.hpp"

namespace settle {
namespace {

using Part = nlohmann::ordered_json StudyRecordRow::*;

// The columns of one part of the rows, in the order in which rows bring them.
std::vector<std::string> names_in(const StudyRecord& study, Part part) {
  std::vector<std::string> names;
  for (const StudyRecordRow& row : study.rows)
    for (const auto& item : (row.*part).items())
      if (std::ranges::find(names, item.key()) == names.end()) names.push_back(item.key());
  return names;
}

std::vector<Cell> head_cells(const StudyRecord& study, std::size_t index) {
  const StudyRecordRow& row = study.rows[index];
  std::error_code unknown;
  std::string link;
  for (const char* file : {"run/report.html", "log"})
    if (link.empty() && std::filesystem::exists(study.directory / row.directory / file, unknown))
      link = (row.directory / file).generic_string();
  std::vector<Cell> cells{{std::to_string(index + 1), link}};
  cells.insert(cells.end(), row.values.begin(), row.values.end());
  return cells;
}

Table table_of(const StudyRecord& study, Part part, bool with_state) {
  const std::vector<std::string> names = names_in(study, part);
  Table table{{"row"}, {}};
  table.head.insert(table.head.end(), study.columns.begin(), study.columns.end());
  if (with_state) table.head.emplace_back("status");
  table.head.insert(table.head.end(), names.begin(), names.end());
  for (std::size_t i = 0; i < std::min(study.rows.size(), kMostTableRows); ++i) {
    const StudyRecordRow& row = study.rows[i];
    std::vector<Cell> cells = head_cells(study, i);
    if (with_state) cells.emplace_back(state_text(row.state));
    for (const std::string& name : names) {
      const auto found = (row.*part).find(name);
      const std::string text = found == (row.*part).end() ? "-" : json_text(*found);
      cells.emplace_back(abbreviated(text, 16));  // of a sha256 both ends
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace

Table means_table(const StudyRecord& study, const std::vector<StudyGroup>& groups) {
  Table table;
  const bool over_variable = study.is_variable(study.axes.x);
  if (!study.axes.x.empty()) table.head.push_back(study.axes.x);
  table.head.insert(table.head.end(), study.axes.series.begin(), study.axes.series.end());
  table.head.emplace_back("repeats");
  for (const std::string& column : study.axes.y) {
    const ColumnWords words = column_words(column);
    table.head.push_back(words.unit.empty() ? words.label : words.label + " (" + words.unit + ")");
  }
  for (std::size_t i = 0; i < std::min(groups.size(), kMostTableRows); ++i) {
    const StudyGroup& group = groups[i];
    std::vector<Cell> cells;
    if (over_variable)
      cells.emplace_back(group.x);
    else if (!study.axes.x.empty())
      cells.emplace_back(short_text(group.place));
    cells.insert(cells.end(), group.series.begin(), group.series.end());
    cells.emplace_back(std::to_string(group.rows.size()));
    for (const std::string& column : study.axes.y) {
      const Estimate estimate = estimate_of(study, group, column);
      const double scale = column_words(column).scale;
      std::string text =
          estimate.samples == 0 ? "-" : interval_text(estimate.mean * scale, estimate.half_width * scale);
      if (estimate.samples > 0 && estimate.samples < group.rows.size())
        text += " (" + std::to_string(estimate.samples) + " of " + std::to_string(group.rows.size()) + ")";
      cells.emplace_back(std::move(text));
    }
    table.rows.push_back(std::move(cells));
  }
  return table;
}

Table rows_table(const StudyRecord& study) { return table_of(study, &StudyRecordRow::results, true); }

Table timing_table(const StudyRecord& study) {
  return names_in(study, &StudyRecordRow::timings).empty() ? Table{} : table_of(study, &StudyRecordRow::timings, false);
}

Table failures_table(const StudyRecord& study) {
  Table table{{"row"}, {}};
  table.head.insert(table.head.end(), study.columns.begin(), study.columns.end());
  table.head.insert(table.head.end(), {"status", "why"});
  for (std::size_t i = 0; i < study.rows.size() && table.rows.size() < kMostTableRows; ++i) {
    const StudyRecordRow& row = study.rows[i];
    if (row.why.empty()) continue;
    std::vector<Cell> cells = head_cells(study, i);
    cells.emplace_back(state_text(row.state));
    cells.emplace_back(row.why);
    table.rows.push_back(std::move(cells));
  }
  return table;
}

}  // namespace settle
