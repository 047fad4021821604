#include "sim/report/run_traces.hpp"

#include <algorithm>
#include <cmath>

#include "sim/config/key_types.hpp"
#include "sim/report/curves.hpp"
#include "sim/report/trace_table.hpp"

namespace settle {
namespace {

constexpr std::size_t kMostColumns = 400;
constexpr double kMostDecades = 1e-12;  // of colours
constexpr std::string_view kErrorOf = "error:";

struct Trace {
  std::uint64_t trial = 0;
  TraceTable table;
};

// In the order of trials; of many, as many as curves that keep apart.
std::vector<Trace> read_traces(const std::filesystem::path& folder) {
  std::vector<std::pair<std::uint64_t, std::filesystem::path>> files;
  std::error_code unknown;
  for (const auto& entry : std::filesystem::directory_iterator(folder, unknown))
    if (const auto trial = key_types::number_of<std::uint64_t>(entry.path().stem().string());
        trial && entry.path().extension() == ".csv")
      files.emplace_back(*trial, entry.path());
  std::ranges::sort(files);
  std::vector<Trace> traces;
  for (const std::size_t i : spread_out(files.size(), kMostCurves))
    traces.push_back({files[i].first, read_trace(files[i].second)});
  return traces;
}

Axis time_axis(bool over_ticks) {
  return over_ticks ? Axis{"tick", "virtual time since relaxation began"}
                    : Axis{"step", "count since relaxation began"};
}

Series line(const Trace& trace, const std::string& time, const std::string& column, std::size_t colour) {
  Series series{"trial " + std::to_string(trace.trial), {}, Series::Look::line, colour};
  const std::vector<double>* x = trace.table.find(time);
  const std::vector<double>* y = trace.table.find(column);
  if (x == nullptr || y == nullptr) return series;
  for (std::size_t i = 0; i < x->size(); ++i) series.points.push_back({(*x)[i], (*y)[i]});
  return series;
}

// The last sample that is not after `time`.
std::size_t sample_at(const std::vector<double>& times, double time) {
  const auto after = std::ranges::upper_bound(times, time);
  return after == times.begin() ? 0 : static_cast<std::size_t>(after - times.begin()) - 1;
}

HeatMap vertex_errors(const TraceTable& table, const std::vector<double>& times) {
  HeatMap map{{}, {}, {}, {"error |v - v\u0302|", "rms over the batch", true}};
  const double extent = times.back() - times.front();
  const std::size_t columns = std::clamp<std::size_t>(static_cast<std::size_t>(extent) + 1, 1, kMostColumns);
  const double apart = columns > 1 ? extent / static_cast<double>(columns - 1) : 1;
  for (std::size_t c = 0; c < columns; ++c) map.columns.push_back(times.front() + apart * static_cast<double>(c));
  for (std::size_t i = 0; i < table.names.size(); ++i) {
    if (!table.names[i].starts_with(kErrorOf)) continue;
    map.rows.push_back(table.names[i].substr(kErrorOf.size()));
    for (const double time : map.columns) map.cells.push_back(table.columns[i][sample_at(times, time + apart * 1e-6)]);
  }
  return map;
}

// Colours for what is above 0, over as many decades as can be told apart.
void fit_colours(HeatMap& map) {
  double most = 0;
  double least = INFINITY;
  for (const double cell : map.cells)
    if (std::isfinite(cell) && cell > 0) {
      most = std::max(most, cell);
      least = std::min(least, cell);
    }
  map.value.least = std::max(least, most * kMostDecades);
  map.value.most = most > *map.value.least ? most : most * 10;
}

}  // namespace

std::vector<Plot> trace_figures(const std::filesystem::path& run_directory, bool over_ticks) {
  const std::vector<Trace> traces = read_traces(run_directory / "traces");
  const std::string time = over_ticks ? "tick" : "step";
  std::vector<Plot> plots;
  const auto add = [&](Plot plot, std::vector<Series> series) {
    if (!has_points(series)) return;
    plot.content = Curves{std::move(series)};
    fit_vertical(plot);
    plots.push_back(std::move(plot));
  };

  Plot energy{
      "relaxation_energy",
      "Free energy while a trial relaxes",
      "The sum of all vertices' energies after each step. Where values relax it falls and levels off at rest; one "
      "that rises without end: the rate is too large. Under fixed prediction it rises from the loss as hidden "
      "vertices take on error.",
      time_axis(over_ticks),
      {"free energy", "nats per batch"},
      {}};
  Plot error{"relaxation_error",
             "Gradient error while a trial relaxes",
             "|g - g_bp| / |g_bp| over all parameters: what learn would read out after each step, against backprop's "
             "gradient of the same batch. At 1 nothing has been received; 0 is exact.",
             time_axis(over_ticks),
             {"gradient error", "relative to backprop"},
             {}};
  std::vector<Series> energies;
  std::vector<Series> errors;
  for (std::size_t k = 0; k < traces.size(); ++k) {
    energies.push_back(line(traces[k], time, "free_energy", k));
    errors.push_back(line(traces[k], time, "gradient_error", k));
    Series theory = line(traces[k], time, "gradient_error_closed_form", k);
    theory.look = Series::Look::prediction;
    if (has_points({theory})) errors.push_back(std::move(theory));
  }
  if (errors.size() > traces.size())
    error.caption +=
        " Thin and dashed: the closed form, each vertex having received P(Binomial(steps, value_rate) >= hops from the "
        "output) of its gradient: the lines lie on each other.";
  add(energy, std::move(energies));
  add(error, std::move(errors));

  if (traces.empty()) return plots;
  const TraceTable& last = traces.back().table;
  const std::vector<double>* times = last.find(time);
  if (times == nullptr || times->empty()) return plots;
  HeatMap map = vertex_errors(last, *times);
  if (std::ranges::none_of(map.cells, [](double cell) { return std::isfinite(cell) && cell > 0; })) return plots;
  fit_colours(map);
  plots.push_back({"vertex_errors",
                   "Error of every vertex while trial " + std::to_string(traces.back().trial) + " relaxes",
                   "How far each vertex's value is from its prediction, vertices in graph order from the top. Blank: "
                   "exactly 0. Error comes in at the clamped outputs and travels against the edges, at most one hop a "
                   "step: a row that stays dark or blank has received little; rows that stop changing have come to "
                   "rest.",
                   time_axis(over_ticks),
                   {"vertex", ""},
                   std::move(map)});
  return plots;
}

}  // namespace settle
