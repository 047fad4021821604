#include "sim/study/tables.hpp"

#include <algorithm>

#include "sim/atomic_file.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

std::string cell(const nlohmann::ordered_json& value) {
  if (value.is_null()) return "";
  return csv_field(value.is_string() ? value.get<std::string>() : value.dump());
}

std::string table(const StudyPlan& plan, const StudyResults& results, const std::string& part) {
  std::vector<std::string> names;  // in the order in which rows bring them
  for (const auto& result : results)
    if (result)
      for (const auto& item : result->at(part).items())
        if (std::ranges::find(names, item.key()) == names.end()) names.push_back(item.key());
  std::string text;
  for (const std::string& column : plan.columns) text += csv_field(column) + ",";
  text += "status";
  for (const std::string& name : names) text += "," + csv_field(name);
  text += "\n";
  for (std::size_t row = 0; row < results.size(); ++row) {
    if (!results[row]) continue;
    for (const std::string& value : plan.rows[row].values) text += csv_field(value) + ",";
    text += cell(results[row]->at("status"));
    for (const std::string& name : names)
      text += "," + cell(results[row]->at(part).value(name, nlohmann::ordered_json()));
    text += "\n";
  }
  return text;
}

}  // namespace

void write_study_tables(const StudyPlan& plan, const StudyResults& results) {
  write_file_atomically(plan.directory / "results.csv", table(plan, results, "results"));
  write_file_atomically(plan.directory / "timing.csv", table(plan, results, "timings"));
}

}  // namespace settle
