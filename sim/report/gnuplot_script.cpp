#include "sim/report/gnuplot_script.hpp"

#include <algorithm>
#include <array>

#include "sim/report/text.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

constexpr int kWidth = 640;
constexpr int kHeight = 400;
constexpr std::size_t kLongestName = 26;
constexpr std::size_t kMostMarked = 40;    // points of a curve that are drawn as such
constexpr std::size_t kMostPoints = 1500;  // of a curve that are joined
constexpr std::size_t kMostMeasured = 9;   // with a length written at each

// Okabe & Ito (2008), without black and yellow, which vanish on a dark and on a white ground.
constexpr std::array<const char*, 6> kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
constexpr std::array<int, 6> kPoints = {7, 5, 9, 13, 11, 6};

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

std::string label(const Axis& axis) { return axis.unit.empty() ? axis.label : axis.label + " (" + axis.unit + ")"; }

std::string range(const char* name, const Axis& axis) {
  const auto end = [](const std::optional<double>& value) { return value ? exact_text(*value) : std::string("*"); };
  return "set " + std::string(name) + "range [" + end(axis.least) + ":" + end(axis.most) + "]\n";
}

std::string axis_lines(const char* name, const Axis& axis) {
  std::string text = "set " + std::string(name) + "label " + quoted(label(axis)) + "\n" + range(name, axis);
  if (axis.logarithmic) text += "set logscale " + std::string(name) + "\n";
  return text;
}

std::string head(const Plot& plot) {
  return "# Draws " + plot.name + ".svg from " + plot.name + ".csv: gnuplot " + plot.name +
         ".gp\n"
         "reset session\n"
         "set encoding utf8\n"
         "set terminal svg size " +
         std::to_string(kWidth) + "," + std::to_string(kHeight) +
         " dynamic noenhanced font 'sans-serif,14' linewidth 1.4\n"
         "set output " +
         quoted(plot.name + ".svg") +
         "\n"
         "set datafile separator ','\n"
         "set datafile missing 'nan'\n"
         "set title " +
         quoted(plot.title) +
         "\n"
         "set format '%g'\n"
         "set grid linecolor rgb 'gray' linewidth 0.5 dashtype solid\n"
         "set border 3\n"
         "set tics nomirror\n";
}

std::string joined(const std::vector<std::string>& plots) {
  std::string text = "plot ";
  for (std::size_t i = 0; i < plots.size(); ++i) text += (i == 0 ? "" : ", \\\n  ") + plots[i];
  return text + "\n";
}

// --- curves: one block of the data a series, two blank lines between ---

std::string data_of(const Plot& plot, const Curves& curves) {
  std::string text = "series," + csv_field(label(plot.x)) + "," + csv_field(label(plot.y)) + "\n";
  for (std::size_t i = 0; i < curves.series.size(); ++i) {
    if (i > 0) text += "\n\n";
    for (const Point& point : curves.series[i].points)
      text += csv_field(curves.series[i].name) + "," + exact_text(point.x) + "," + exact_text(point.y) + "\n";
  }
  return text;
}

void add_plots(const Plot& plot, const Series& series, std::size_t index, std::vector<std::string>& plots) {
  const std::string colour = kColours[series.colour % kColours.size()];
  const std::string source = quoted(plot.name + ".csv") + " skip 1 index " + std::to_string(index) + " using ";
  const std::string tint = " linecolor rgb '" + colour + "'";
  const std::string title = " title " + quoted(abbreviated(series.name, kLongestName));
  const std::string points = " pointtype " + std::to_string(kPoints[series.colour % kPoints.size()]) + " pointsize 0.6";
  if (series.look == Series::Look::prediction) {
    plots.push_back(source + "2:3 with lines" + tint + " linewidth 2 dashtype (8,6)" + title);
    return;
  }
  if (series.points.size() <= kMostMarked) {
    plots.push_back(source + "2:3 with linespoints" + tint + points + title);
  } else {
    const std::size_t every = (series.points.size() + kMostPoints - 1) / kMostPoints;
    const std::string thinned = every > 1 ? quoted(plot.name + ".csv") + " skip 1 index " + std::to_string(index) +
                                                " every " + std::to_string(every) + " using "
                                          : source;
    plots.push_back(thinned + "2:3 with lines" + tint + title);
  }
}

std::string script_of(const Plot& plot, const Curves& curves) {
  std::vector<std::string> plots;
  for (std::size_t i = 0; i < curves.series.size(); ++i)
    if (curves.series[i].drawn && !curves.series[i].points.empty()) add_plots(plot, curves.series[i], i, plots);
  return head(plot) + axis_lines("x", plot.x) + axis_lines("y", plot.y) + "set key outside top center horizontal\n" +
         (plot.y.logarithmic ? "" : "set offsets graph 0, 0, graph 0.05, graph 0.05\n") + joined(plots);
}

// --- bars ---

std::string data_of(const Plot& plot, const Bars& bars) {
  std::string text = csv_field(label(plot.x)) + ",place," + csv_field(label(plot.y)) + "\n";
  for (std::size_t i = 0; i < bars.bars.size(); ++i)
    text += csv_field(bars.bars[i].name) + "," + std::to_string(i) + "," + exact_text(bars.bars[i].length) + "\n";
  return text;
}

std::string name_tics(const std::vector<std::string>& names) {
  std::string text = "set xtics scale 0 (";
  for (std::size_t i = 0; i < names.size(); ++i)
    text += (i == 0 ? "" : ", ") + quoted(abbreviated(names[i], kLongestName)) + " " + std::to_string(i);
  return text + ")\n";
}

std::string script_of(const Plot& plot, const Bars& bars) {
  std::vector<std::string> names;
  for (const Bar& bar : bars.bars) names.push_back(bar.name);
  const std::string source = quoted(plot.name + ".csv") + " skip 1 using ";
  const std::string fill = " fillcolor rgb '" + std::string(kColours[0]) + "' fillstyle solid 0.8 noborder notitle";
  const std::string ends = "[-0.6:" + exact_text(static_cast<double>(names.size()) - 0.4) + "]\n";
  std::vector<std::string> plots{source + "2:3:(0.8) with boxes" + fill};
  if (names.size() <= kMostMeasured)
    plots.push_back(source + "2:3:(gprintf('%g', $3)) with labels offset 0,0.6 notitle");
  return head(plot) + axis_lines("x", plot.x) + axis_lines("y", plot.y) + name_tics(names) + "set xrange " + ends +
         joined(plots);
}

}  // namespace

GnuplotFiles gnuplot_files(const Plot& plot) {
  return std::visit(
      [&](const auto& content) {
        return GnuplotFiles{data_of(plot, content), script_of(plot, content)};
      },
      plot.content);
}

}  // namespace settle
