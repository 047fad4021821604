#include "sim/report/study_traces.hpp"

#include <filesystem>

#include "sim/report/curves.hpp"
#include "sim/report/trace_table.hpp"

namespace settle {
namespace {

constexpr const char* kFile = "trace.csv";

std::string row_name(const StudyRecord& study, const std::vector<std::string>& varied, const StudyRecordRow& row) {
  std::string name;
  for (const std::string& variable : varied) name += (name.empty() ? "" : ", ") + study.value(row, variable);
  return name;
}

void add_lines(const TraceTable& trace, const std::string& name, std::size_t colour, std::vector<Series>& all) {
  const std::vector<double>* steps = trace.find("step");
  for (const bool theory : {false, true}) {
    const std::vector<double>* errors = trace.find(theory ? "gradient_error_closed_form" : "gradient_error");
    if (steps == nullptr || errors == nullptr) continue;
    Series series{name, {}, theory ? Series::Look::prediction : Series::Look::line, colour};
    for (std::size_t i = 0; i < steps->size(); ++i) series.points.push_back({(*steps)[i], (*errors)[i]});
    if (has_points({series}) || !theory) all.push_back(std::move(series));
  }
}

}  // namespace

std::optional<Plot> trace_figure(const StudyRecord& study) {
  std::vector<const StudyRecordRow*> traced;
  std::error_code unknown;
  for (const StudyRecordRow& row : study.rows)
    if (std::filesystem::exists(study.directory / row.directory / kFile, unknown)) traced.push_back(&row);
  if (traced.empty()) return std::nullopt;
  Plot plot{"traces",
            "Gradient error during relaxation",
            "|g - g_bp| / |g_bp| over all parameters, read out from the errors after each step, a line a row. A line "
            "that comes down has come nearer to backprop's gradient; one that levels off has come to rest elsewhere.",
            {"step", "count since relaxation began", false, 0.0},
            {"gradient error", "relative to backprop"},
            {}};
  const std::vector<std::string> varied = study.varied();
  const std::vector<std::size_t> chosen = spread_out(traced.size(), kMostStyles);
  std::vector<Series> all;
  bool theory = false;
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const StudyRecordRow& row = *traced[chosen[k]];
    add_lines(read_trace(study.directory / row.directory / kFile), row_name(study, varied, row), k, all);
    theory = theory || (!all.empty() && all.back().look == Series::Look::prediction);
  }
  if (!has_points(all)) return std::nullopt;
  if (theory) plot.caption += " Thin and dashed: the closed form, which the line lies on where theory holds.";
  if (chosen.size() < traced.size())
    plot.caption += " " + std::to_string(chosen.size()) + " of " + std::to_string(traced.size()) +
                    " rows are drawn, evenly spread; rows/NUMBER/trace.csv has each.";
  std::string key;
  for (const std::string& variable : varied) key += (key.empty() ? "" : ", ") + variable;
  plot.content = Curves{std::move(all), key};
  fit_vertical(plot);
  return plot;
}

}  // namespace settle
