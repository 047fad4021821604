#include "sim/study/plan.hpp"

#include <algorithm>
#include <map>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "sim/config/key_types.hpp"
#include "sim/config/keys.hpp"
#include "sim/study/lines.hpp"
#include "sim/study/values.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

constexpr std::string_view kSeeds = "seeds";
constexpr std::size_t kMostRows = 100000;

// Names that take their values together.
struct Axis {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> values;  // by name
};

class Planner {
 public:
  Planner(const ConfigSources& sources, std::string_view text)
      : sources_(sources), study_(study_lines(sources_, text)) {}

  StudyPlan plan() {
    StudyPlan plan;
    plan.measure = measure();
    sources_.needs_data = plan.measure->needs_data;
    if (const StudyLine* line = study_.find("jobs")) plan.jobs = whole_number<std::uint32_t>(line->value, *line, 1);
    const std::vector<Axis> axes = all_axes();
    for (const Axis& axis : axes)
      for (const std::string& name : axis.names)
        if (in_table(axis)) plan.columns.push_back(name == kSeeds ? std::string(kSeedColumn) : name);
    std::size_t count = 1;
    for (const Axis& axis : axes) {
      count *= axis.values.front().size();
      if (count > kMostRows)
        throw BadConfig(sources_.file.string() + ": the study has more than " + std::to_string(kMostRows) + " rows");
    }
    for (std::size_t row = 0; row < count; ++row) plan.rows.push_back(make_row(axes, row));
    check_used();
    plan.axes = study_axes(study_, *plan.measure, values_of(plan));
    plan.directory = plan.rows.front().config.run.directory;
    for (const StudyRow& row : plan.rows) {
      if (row.config.run.directory != plan.directory)
        throw BadConfig(sources_.file.string() + ": run.directory differs between rows; a study has one directory");
      if (row.config.run.hosts > 1)
        throw BadConfig(sources_.file.string() + ": a study's row runs in one process, not in run.hosts = " +
                        std::to_string(row.config.run.hosts) +
                        "; study.jobs says how many rows run at once, settle launch trains over processes");
    }
    return plan;
  }

 private:
  template <class Number>
  static Number whole_number(const std::string& text, const StudyLine& line, Number least) {
    const auto value = key_types::number_of<Number>(text);
    if (!value || *value < least)
      throw BadConfig(line.place + ": study." + line.name + " takes whole numbers from " + std::to_string(least) +
                      ", not '" + text + "'");
    return *value;
  }

  const Measure* measure() const {
    const StudyLine* line = study_.find("measure");
    const std::string name = line == nullptr ? "train" : line->value;
    std::vector<std::string> names;
    for (const Measure* known : measures()) {
      if (known->name == name) return known;
      names.emplace_back(known->name);
    }
    const std::optional<std::string> nearest = nearest_word(name, names);
    throw BadConfig(line->place + ": unknown measure '" + name + "'; did you mean '" + nearest.value_or(names.front()) +
                    "'?");
  }

  // The group of `zip` that each of its names is in.
  std::map<std::string, std::size_t> zipped() const {
    std::map<std::string, std::size_t> groups;
    const StudyLine* line = study_.find("zip");
    if (line == nullptr) return groups;
    const std::vector<std::string_view> parts = split(line->value, ';');
    for (std::size_t group = 0; group < parts.size(); ++group)
      for (const std::string& name : study_values(parts[group], line->place + ": zip")) {
        if (study_.find(name) == nullptr || is_reserved(name))
          throw BadConfig(line->place + ": zip names '" + name + "', which [study] gives no values");
        if (!groups.emplace(name, group).second)
          throw BadConfig(line->place + ": zip names '" + name + "' twice; it goes together with one group");
      }
    return groups;
  }

  std::vector<std::string> values_of(const StudyLine& line) const {
    std::vector<std::string> values = study_values(line.value, line.place + ": " + line.name);
    if (line.name.find('.') == std::string::npos) return values;
    const ConfigKey* key = find_config_key(line.name);
    if (key == nullptr) {
      const std::string meant = suggest_config_key(line.name);
      throw BadConfig(line.place + ": unknown key '" + line.name + "'" +
                      (meant.empty() ? "; see: settle help config" : "; did you mean '" + meant + "'?"));
    }
    for (const std::string& value : values) {
      RunConfig scratch;
      std::string text = value;
      if (value.find('{') == std::string::npos && !key->assign(scratch, text))
        throw BadConfig(line.place + ": " + line.name + " = '" + value + "' is not possible; it must be " +
                        key->allowed);
    }
    return values;
  }

  std::vector<Axis> all_axes() const {
    const std::map<std::string, std::size_t> groups = zipped();
    std::vector<Axis> axes;
    std::map<std::size_t, std::size_t> axis_of_group;
    for (const StudyLine& line : study_.lines) {
      if (is_reserved(line.name)) continue;
      std::vector<std::string> values = values_of(line);
      const auto group = groups.find(line.name);
      const bool joins = group != groups.end() && !axis_of_group.emplace(group->second, axes.size()).second;
      if (joins) {
        Axis& axis = axes[axis_of_group.at(group->second)];
        if (axis.values.front().size() != values.size())
          throw BadConfig(line.place + ": '" + line.name + "' has " + std::to_string(values.size()) + " values and '" +
                          axis.names.front() + "', which it is zipped with, " +
                          std::to_string(axis.values.front().size()));
        axis.names.push_back(line.name);
        axis.values.push_back(std::move(values));
        continue;
      }
      axes.push_back({{line.name}, {std::move(values)}});
    }
    if (const StudyLine* line = study_.find(kSeeds)) axes.push_back({{std::string(kSeeds)}, {seeds(*line)}});
    return axes;
  }

  static std::vector<std::string> seeds(const StudyLine& line) {
    std::vector<std::string> values = study_values(line.value, line.place + ": seeds");
    for (const std::string& value : values) whole_number<std::uint64_t>(value, line, 0);
    if (values.size() > 1) return values;
    const auto count = whole_number<std::uint64_t>(values.front(), line, 1);
    if (count > kMostRows) throw BadConfig(line.place + ": seeds asks for more than " + std::to_string(kMostRows));
    values.clear();
    for (std::uint64_t seed = 1; seed <= count; ++seed) values.push_back(std::to_string(seed));
    return values;
  }

  static StudyValues values_of(const StudyPlan& plan) {
    StudyValues values{plan.columns, {}};
    for (const StudyRow& row : plan.rows) values.rows.push_back(row.values);
    return values;
  }

  // One seed alone says nothing in a table.
  static bool in_table(const Axis& axis) { return axis.names.front() != kSeeds || axis.values.front().size() > 1; }

  static bool is_reserved(std::string_view name) {
    return name == "measure" || name == kSeeds || name == "zip" || name == "jobs" || is_axes_line(name);
  }

  // A variable that stands nowhere is a slip: its rows would all be alike. One that is zipped names what it goes with.
  void check_used() const {
    const std::map<std::string, std::size_t> groups = zipped();
    for (const StudyLine& line : study_.lines) {
      if (is_reserved(line.name) || line.name.find('.') != std::string::npos || groups.contains(line.name)) continue;
      const auto uses = [&](const auto& each) { return each.value.find("{" + line.name + "}") != std::string::npos; };
      if (std::ranges::none_of(study_.config, uses) && std::ranges::none_of(study_.lines, uses))
        throw BadConfig(line.place + ": no value has {" + line.name + "} in it, so '" + line.name +
                        "' changes nothing; a key of the config has a dot: see settle help config");
    }
  }

  StudyRow make_row(const std::vector<Axis>& axes, std::size_t number) const {
    StudyRow row;
    std::vector<std::size_t> index(axes.size());
    for (std::size_t a = axes.size(); a-- > 0;) {
      const std::size_t size = axes[a].values.front().size();
      index[a] = number % size;
      number /= size;
    }
    std::map<std::string, std::string> variables;
    std::map<std::string, std::string> keys;
    for (std::size_t a = 0; a < axes.size(); ++a)
      for (std::size_t n = 0; n < axes[a].names.size(); ++n) {
        const std::string& name = axes[a].names[n];
        const std::string& value = axes[a].values[n][index[a]];
        if (in_table(axes[a])) row.values.push_back(value);
        if (name == kSeeds)
          keys["run.seed"] = value;
        else
          (name.find('.') == std::string::npos ? variables : keys)[name] = value;
      }
    row.config = load_run_config(sources_, row_text(variables, keys));
    for (const auto& [key, value] : keys) {
      const std::string& origin = row.config.resolved.at(key).origin;
      if (origin == "command line" || origin.starts_with("environment "))
        throw BadConfig(origin + ": " + key + " is varied by [study] and cannot be set too; vary it by --study." +
                        (key == "run.seed" ? "seeds" : key));
    }
    return row;
  }

  // The file as this row has it, its lines where they were, so that every mistake keeps its line.
  std::string row_text(const std::map<std::string, std::string>& variables,
                       const std::map<std::string, std::string>& keys) const {
    std::string text;
    std::size_t line = 1;
    for (const IniEntry& entry : study_.config) {
      for (; line < entry.line; ++line) text += "\n";
      const auto varied = keys.find(entry.key);
      if (varied == keys.end()) text += entry.key + " = " + substituted(entry.value, variables, entry.line);
      text += "\n";
      ++line;
    }
    for (const auto& [key, value] : keys) text += key + " = " + substituted(value, variables, 0) + "\n";
    return text;
  }

  std::string substituted(std::string_view value, const std::map<std::string, std::string>& variables,
                          std::size_t line) const {
    std::string text;
    while (!value.empty()) {
      const std::size_t open = value.find('{');
      const std::size_t close = open == std::string_view::npos ? open : value.find('}', open);
      text += value.substr(0, close == std::string_view::npos ? close : open);
      if (close == std::string_view::npos) break;
      const std::string name(value.substr(open + 1, close - open - 1));
      const auto found = variables.find(name);
      const bool tile = name.find_first_not_of("0123456789") == std::string::npos;  // of a vertex: h1{0}
      if (found == variables.end() && !tile)
        throw BadConfig(sources_.file.string() + (line > 0 ? ":" + std::to_string(line) : "") + ": {" + name +
                        "} is no variable of [study]; give it values there: " + name + " = ...");
      text += tile ? value.substr(open, close + 1 - open) : std::string_view(found->second);
      value.remove_prefix(close + 1);
    }
    return text;
  }

  ConfigSources sources_;
  StudyLines study_;
};

}  // namespace

StudyPlan load_study_plan(const ConfigSources& sources) {
  return load_study_plan(sources, read_config_text(sources.file));
}

StudyPlan load_study_plan(const ConfigSources& sources, std::string_view text) { return Planner(sources, text).plan(); }

}  // namespace settle
