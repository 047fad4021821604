#include "sim/study/axes.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/study/values.hpp"

namespace settle {
namespace {

using Names = std::vector<std::string>;

// What can be told of variables by looking at all rows.
class Variables {
 public:
  explicit Variables(const StudyValues& values) : values_(values) {}

  const Names& names() const { return values_.columns; }

  bool varies(std::size_t column) const {
    std::set<std::string> seen;
    for (const auto& row : values_.rows) seen.insert(row[column]);
    return seen.size() > 1;
  }

  bool is_numeric(std::size_t column) const {
    return std::ranges::all_of(values_.rows,
                               [&](const auto& row) { return key_types::number_of<double>(row[column]).has_value(); });
  }

  // Whether rows that agree in `given` agree in `column` too.
  bool determine(const std::vector<std::size_t>& given, std::size_t column) const {
    std::map<Names, std::string> met;
    for (const auto& row : values_.rows) {
      Names key;
      for (const std::size_t each : given) key.push_back(row[each]);
      if (met.try_emplace(std::move(key), row[column]).first->second != row[column]) return false;
    }
    return true;
  }

  // Whether another variable, zipped with it, tells more rows apart.
  bool is_coarse(std::size_t column) const {
    for (std::size_t other = 0; other < names().size(); ++other)
      if (other != column && determine({other}, column) && !determine({column}, other)) return true;
    return false;
  }

  std::size_t column(std::string_view name) const {
    return static_cast<std::size_t>(std::ranges::find(names(), name) - names().begin());
  }

 private:
  const StudyValues& values_;
};

std::string default_x(const Variables& variables) {
  std::optional<std::size_t> first;
  for (std::size_t column = 0; column < variables.names().size(); ++column) {
    if (variables.names()[column] == kSeedColumn || !variables.varies(column) || variables.is_coarse(column)) continue;
    if (variables.is_numeric(column)) return variables.names()[column];
    if (!first) first = column;
  }
  if (variables.names().empty()) return "";
  return variables.names()[first.value_or(variables.names().size() - 1)];  // of seeds alone: the seed
}

Names default_series(const Variables& variables, const std::string& x) {
  Names series;
  std::vector<std::size_t> given;
  if (const std::size_t column = variables.column(x); column < variables.names().size()) given.push_back(column);
  for (std::size_t column = 0; column < variables.names().size(); ++column) {
    const std::string& name = variables.names()[column];
    if (name == x || name == kSeedColumn || variables.is_coarse(column) || variables.determine(given, column)) continue;
    series.push_back(name);
    given.push_back(column);
  }
  return series;
}

// The words of a line, each one of `known`.
Names columns_of(const StudyLine& line, const Names& known, const std::string& what) {
  const Names words = study_values(line.value, line.place + ": " + line.name);
  for (const std::string& word : words) {
    if (std::ranges::find(known, word) != known.end()) continue;
    std::string all;
    for (const std::string& name : known) all += (all.empty() ? "" : ", ") + name;
    throw BadConfig(line.place + ": " + line.name + " names '" + word + "', which is no " + what +
                    (known.empty() ? "; there is none" : "; there are: " + all));
  }
  return words;
}

}  // namespace

bool is_axes_line(std::string_view name) { return name == "x" || name == "y" || name == "series" || name == "log"; }

StudyAxes study_axes(const StudyLines& lines, const Measure& measure, const StudyValues& values) {
  const Variables variables(values);
  const Names results(measure.columns.begin(), measure.columns.end());
  Names all = variables.names();
  all.insert(all.end(), results.begin(), results.end());

  StudyAxes axes{default_x(variables), Names(measure.main.begin(), measure.main.end()), {}};
  if (const StudyLine* line = lines.find("x")) {
    const Names words = columns_of(*line, all, "variable of [study] or result of measure " + std::string(measure.name));
    if (words.size() != 1) throw BadConfig(line->place + ": x takes one column, not " + std::to_string(words.size()));
    axes.x = words.front();
  }
  if (const StudyLine* line = lines.find("y"))
    axes.y = columns_of(*line, results, "result of measure " + std::string(measure.name));
  axes.series = default_series(variables, axes.x);
  if (const StudyLine* line = lines.find("series"))
    axes.series = columns_of(*line, variables.names(), "variable of [study]");
  if (const StudyLine* line = lines.find("log")) {
    const std::string& text = line->value;
    if (text != "none" && text != "x" && text != "y" && text != "xy")
      throw BadConfig(line->place + ": log = '" + text + "' is not possible; it must be none, x, y or xy");
    axes.log_x = text.starts_with('x');
    axes.log_y = text.ends_with('y');
    const std::size_t column = variables.column(axes.x);
    if (axes.log_x && column < variables.names().size() && !variables.is_numeric(column))
      throw BadConfig(line->place + ": log = " + text + ": the values of '" + axes.x + "' are no numbers");
  }
  return axes;
}

nlohmann::json to_json(const StudyAxes& axes) {
  return {{"x", axes.x}, {"y", axes.y}, {"series", axes.series}, {"log_x", axes.log_x}, {"log_y", axes.log_y}};
}

StudyAxes study_axes_of(const nlohmann::json& json) {
  return {json.at("x"), json.at("y"), json.at("series"), json.at("log_x"), json.at("log_y")};
}

}  // namespace settle
