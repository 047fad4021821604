#include <algorithm>

#include "sim/report/gnuplot_kinds.hpp"
#include "sim/report/gnuplot_words.hpp"
#include "sim/report/text.hpp"
#include "sim/text.hpp"

namespace settle::gnuplot {
namespace {

constexpr std::size_t kMostMarked = 40;    // points of a curve that are drawn as such
constexpr std::size_t kMostPoints = 1500;  // of a curve that are joined

bool has_spread(const Series& series) {
  return std::ranges::any_of(series.points, [](const Point& point) { return point.spread > 0; });
}

bool is_shown(const Series& series) { return series.drawn && !series.points.empty(); }

// Of one series; the data's columns are series, x, y, low, high.
void add_plots(const Plot& plot, const Series& series, std::size_t index, const std::string& name,
               std::vector<std::string>& plots) {
  const std::string block = source(plot) + " index " + std::to_string(index);
  const std::string tint = " linecolor rgb " + colour(series.colour);
  const std::string look = tint + " dashtype " + dash_type(series.colour);
  const std::string title = " title " + quoted(name);
  const std::string x = column_on("x", plot.x, 2);
  const auto y = [&](int column) { return ":" + column_on("y", plot.y, column); };
  const std::string interval = y(4) + ":(0):" + difference_on("y", plot.y, 5, 4);
  const std::size_t every = (series.points.size() + kMostPoints - 1) / kMostPoints;
  const std::string thinned = every > 1 ? block + " every " + std::to_string(every) : block;
  if (series.look == Series::Look::prediction) {
    plots.push_back(thinned + " using " + x + y(3) + " with lines" + tint + " linewidth 1 dashtype (6,4) notitle");
    return;
  }
  const bool marked = series.points.size() <= kMostMarked;
  if (has_spread(series) && !marked)
    plots.push_back(thinned + " using " + x + y(4) + y(5) + " with filledcurves fillcolor rgb " +
                    colour(series.colour) + " fillstyle transparent solid 0.2 noborder notitle");
  if (has_spread(series) && marked)
    plots.push_back(block + " using " + x + interval + " with vectors nohead" + tint + " notitle");
  plots.push_back(marked ? block + " using " + x + y(3) + " with linespoints" + look + " pointtype " +
                               point_type(series.colour) + " pointsize 0.6" + title
                         : thinned + " using " + x + y(3) + " with lines" + look + title);
}

}  // namespace

std::string data_of(const Plot& plot, const Curves& curves) {
  const bool spread = std::ranges::any_of(curves.series, has_spread);
  std::string text = "series," + csv_field(label(plot.x)) + "," + csv_field(label(plot.y)) +
                     (spread ? ",interval from,interval to\n" : "\n");
  for (std::size_t i = 0; i < curves.series.size(); ++i) {
    if (i > 0) text += "\n\n";
    for (const Point& point : curves.series[i].points) {
      text += csv_field(curves.series[i].name) + "," + exact_text(point.x) + "," + exact_text(point.y);
      if (spread) text += "," + exact_text(point.y - point.spread) + "," + exact_text(point.y + point.spread);
      text += "\n";
    }
  }
  return text;
}

std::string script_of(const Plot& plot, const Curves& curves) {
  std::vector<std::string> names;
  for (const Series& series : curves.series)
    if (is_shown(series)) names.push_back(series.name);
  const std::vector<std::string> texts = written(names);
  std::vector<std::string> plots;
  std::vector<std::string> entries;
  for (std::size_t i = 0, shown = 0; i < curves.series.size(); ++i) {
    const Series& series = curves.series[i];
    if (!is_shown(series)) continue;
    if (series.look == Series::Look::line) entries.push_back(texts[shown]);
    add_plots(plot, series, i, texts[shown++], plots);
  }
  return head(plot, kWidth, kHeight + key_growth(curves.key, entries)) + axis_lines("x", plot.x) +
         axis_lines("y", plot.y) + key_lines(curves.key, entries) +
         (plot.x.logarithmic ? "set autoscale xfixmax\n" : "") +
         (plot.y.logarithmic ? "" : "set offsets graph 0, 0, graph 0.05, graph 0.05\n") + plot_command(plots);
}

}  // namespace settle::gnuplot
