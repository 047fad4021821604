#include "sim/report/study_report.hpp"

#include <algorithm>

#include "sim/report/figure_sheet.hpp"
#include "sim/report/page_parts.hpp"
#include "sim/report/study_figures.hpp"
#include "sim/report/study_tables.hpp"
#include "sim/report/study_traces.hpp"
#include "sim/report/text.hpp"
#include "sim/run_directory.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;
using State = StudyRecordRow::State;

// The manifest of the first row that has one, with the inputs of all rows.
std::optional<Json> run_manifest_of(const StudyRecord& study) {
  std::optional<Json> first;
  for (const StudyRecordRow& row : study.rows) {
    std::optional<Json> manifest = read_run_manifest(study.directory / row.run);
    if (!manifest) continue;
    if (!first) {
      first = std::move(manifest);
      continue;
    }
    Json& inputs = first->at("inputs");
    for (Json& input : manifest->at("inputs"))
      if (std::ranges::find(inputs, input) == inputs.end()) inputs.push_back(std::move(input));
  }
  return first;
}

std::string lead(const StudyRecord& study, const std::optional<Json>& run) {
  const std::vector<std::string> varied = study.varied();
  std::string text = std::to_string(study.rows.size()) + (study.rows.size() == 1 ? " row" : " rows") +
                     " of the measure '" + study.measure + "'";
  if (!varied.empty()) text += ", varied: " + joined(varied, ", ");
  text += ".";
  if (run) text += " Asked for by: " + command_text(*run);
  return text;
}

void add_state(HtmlPage& page, const StudyRecord& study) {
  std::string text = states_text(study);
  if (text.empty()) return;
  if (rows_in(study, State::failed) + rows_in(study, State::not_done) > 0)
    text +=
        " The same `settle study` goes on with those that failed or are not done; `settle report` makes this page "
        "again.";
  if (rows_in(study, State::diverged) > 0) text += " A row that diverged is a result without numbers.";
  page.notice(text);
}

void add_rows(HtmlPage& page, const StudyRecord& study) {
  if (study.rows.size() > kMostTableRows)
    page.paragraph("The first " + std::to_string(kMostTableRows) + " of " + std::to_string(study.rows.size()) +
                   " rows; results.csv has all.");
  page.paragraph(
      "A row's number leads to its own report where there is one (settle report rows/NUMBER/run makes it), else to its "
      "log.");
  page.table(rows_table(study));
}

// Keys on which all rows agree; what is varied is in the table of rows.
Table shared_keys(const Json& manifest) {
  Table table{{"key", "value"}, {}};
  const Json& rows = manifest.at("config").at("rows");
  if (rows.empty()) return table;
  for (const auto& [key, value] : rows.front().at("config").items())
    if (std::ranges::all_of(rows, [&, &name = key, &shared = value](const Json& row) {
          return row.at("config").value(name, Json()) == shared;
        }))
      table.rows.push_back({key, json_text(value)});
  return table;
}

}  // namespace

ReportOutcome write_study_report(const std::filesystem::path& directory, const Json& manifest) {
  const StudyRecord study = read_study(directory, manifest);
  const std::vector<StudyGroup> groups = groups_of(study);
  const std::optional<Json> run = run_manifest_of(study);
  HtmlPage page("Study " + directory_name(directory), lead(study, run));
  FigureSheet sheet(directory, page);

  page.section("Results");
  add_state(page, study);
  const StudyFigures figures = study_figures(study, groups);
  for (const Plot& plot : figures.plots) sheet.add(plot);
  if (!figures.without_numbers.empty())
    page.paragraph("No row has a number for: " + joined(figures.without_numbers, ", ") + ".");
  if (std::ranges::any_of(groups, [](const StudyGroup& group) { return group.rows.size() > 1; })) {
    page.paragraph("Means of repeats with their 95 % intervals (Student's t).");
    page.table(means_table(study, groups));
  }
  if (const std::optional<Plot> plot = trace_figure(study)) {
    page.section("Relaxation");
    sheet.add(*plot);
  }
  if (const Table table = failures_table(study); !table.rows.empty()) {
    page.section("Failed and diverged rows");
    page.table(table);
  }
  page.section("Rows");
  add_rows(page, study);
  if (const Table table = timing_table(study); !table.rows.empty()) {
    page.section("Timing");
    page.paragraph("What depends on the machine and its load, and differs on repeat.");
    page.table(table);
  }
  page.section("Manifest");
  if (run) add_inputs_and_versions(page, *run);
  page.folded_table("Every key of the config that rows share", shared_keys(manifest));
  page.links({"manifest.json", "results.csv", "timing.csv"});
  return sheet.finish();
}

}  // namespace settle
