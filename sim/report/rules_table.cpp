#include "sim/report/rules_table.hpp"

#include <algorithm>
#include <cmath>

#include "sim/report/study_tables.hpp"

namespace settle {
namespace {

constexpr std::string_view kRule = "rule.name";
constexpr std::string_view kBackprop = "backprop";
constexpr const char* kParameters = "parameters_sha256";

bool has_numbers(const StudyRecord& study, const std::string& column) {
  return std::ranges::any_of(study.rows,
                             [&](const StudyRecordRow& row) { return std::isfinite(study.number(row, column)); });
}

std::vector<std::string> results_shown(const StudyRecord& study) {
  if (study.measure != "train") return study.axes.y;
  std::vector<std::string> columns{"test_accuracy", has_numbers(study, "test_loss") ? "test_loss" : "train_loss",
                                   "gradient_error", "messages_per_trial", "seconds_per_trial"};
  std::erase_if(columns, [&](const std::string& column) { return !has_numbers(study, column); });
  return columns;
}

const StudyRecordRow* twin_of(const StudyRecord& study, const StudyRecordRow& row) {
  for (const StudyRecordRow& other : study.rows) {
    const auto agrees = [&](const std::string& column) {
      return is_of_rule(column) || study.value(other, column) == study.value(row, column);
    };
    if (study.value(other, std::string(kRule)) == kBackprop && std::ranges::all_of(study.columns, agrees))
      return &other;
  }
  return nullptr;
}

// "4 of 5"; "-" where no row and twin have parameters to compare.
std::string same_parameters(const StudyRecord& study, const StudyGroup& group) {
  std::size_t same = 0;
  std::size_t twins = 0;
  for (const StudyRecordRow* row : group.rows) {
    const StudyRecordRow* twin = twin_of(study, *row);
    if (twin == nullptr) continue;
    const auto* ours = StudyRecord::find(*row, kParameters);
    const auto* theirs = StudyRecord::find(*twin, kParameters);
    if (ours == nullptr || theirs == nullptr) continue;
    ++twins;
    same += *ours == *theirs ? 1 : 0;
  }
  return twins == 0 ? "-" : std::to_string(same) + " of " + std::to_string(twins);
}

}  // namespace

bool is_of_rule(std::string_view variable) { return variable.starts_with("rule.") || variable.starts_with("relax."); }

StudyRecord compared(StudyRecord study) {
  for (StudyRecordRow& row : study.rows)
    for (const std::string total : {"messages", "seconds"})
      if (const double mean = study.number(row, total) / study.number(row, "trials"); std::isfinite(mean))
        row.timings[total + "_per_trial"] = mean;
  std::vector<std::string> series = study.varied();
  std::erase(series, kSeedColumn);
  if (series.empty() && study.is_variable(std::string(kRule))) series.emplace_back(kRule);
  study.axes = {"", results_shown(study), std::move(series), false, false};
  return study;
}

bool is_backprop(const StudyRecord& study, const StudyGroup& group) {
  return study.value(*group.rows.front(), std::string(kRule)) == kBackprop;
}

Table rules_table(const StudyRecord& study, std::vector<StudyGroup> groups) {
  std::vector<std::string> same;
  for (StudyGroup& group : groups) {
    const bool reference = is_backprop(study, group);
    same.push_back(reference ? "-" : same_parameters(study, group));
    for (std::size_t i = 0; reference && i < group.series.size(); ++i)
      if (study.axes.series[i].starts_with("relax.")) group.series[i] = "-";  // backprop does not relax
  }
  Table table = means_table(study, groups);
  if (std::ranges::all_of(same, [](const std::string& text) { return text == "-"; })) return table;
  table.head.emplace_back("parameters are backprop's");
  for (std::size_t i = 0; i < table.rows.size(); ++i) table.rows[i].emplace_back(same[i]);
  return table;
}

}  // namespace settle
