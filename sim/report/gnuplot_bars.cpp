#include <algorithm>
#include <cmath>

#include "sim/report/gnuplot_kinds.hpp"
#include "sim/report/gnuplot_words.hpp"
#include "sim/report/text.hpp"
#include "sim/text.hpp"

namespace settle::gnuplot {
namespace {

constexpr std::size_t kMostMeasured = 9;  // bars with a length written at each
constexpr std::size_t kShortName = 6;     // letters; names like ages, of which some may go without
constexpr int kLetter = 8;
constexpr int kRoom = kWidth - 100;  // for names below the plot
constexpr double kGroup = 0.8;       // of the way from one name to the next is bars

bool has_spread(const BarSeries& series) {
  return std::ranges::any_of(series.bars, [](const Point& bar) { return bar.spread > 0; });
}

std::size_t longest_name(const Bars& bars) {
  std::size_t longest = 1;
  for (const std::string& name : written(bars.names)) longest = std::max(longest, name.size());
  return longest;
}

std::size_t names_that_fit(const Bars& bars) {
  return static_cast<std::size_t>(kRoom) / (kLetter * (longest_name(bars) + 2));
}

bool is_across(const Bars& bars) { return longest_name(bars) > kShortName && bars.names.size() > names_that_fit(bars); }

// One series' bars, or points, and their intervals. The data's columns are NAMES, series, place, length, from, to.
void add_plots(const Plot& plot, const Bars& bars, std::size_t index, std::size_t place,
               const std::vector<std::string>& entries, std::vector<std::string>& plots) {
  const std::size_t count = entries.size();
  const BarSeries& series = bars.series[index];
  const double width = kGroup / static_cast<double>(count);
  const double shift = width * (static_cast<double>(place) - (static_cast<double>(count) - 1) / 2);
  const std::string block = source(plot) + " index " + std::to_string(index) + " using ";
  const bool across = is_across(bars);
  const std::string at = "($3" + std::string(shift < 0 ? "-" : "+") + exact_text(std::abs(shift)) + ")";
  const auto length = [&](int column) { return ":" + column_on(across ? "x" : "y", plot.y, column); };
  const std::string half = exact_text(0.46 * width);
  const std::string title = " title " + quoted(entries[place]);
  const std::string points = " linecolor rgb " + colour(place) + " pointtype " + point_type(place) + " pointsize 0.8";
  const std::string fill = " fillcolor rgb " + colour(place) + " fillstyle solid 0.8 noborder";
  if (plot.y.logarithmic)
    plots.push_back(block + (across ? length(4).substr(1) + ":" + at : at + length(4)) + " with points" + points +
                    title);
  else if (across)
    plots.push_back(block + "(0):" + at + ":(0):4:(" + at + "-" + half + "):(" + at + "+" + half + ") with boxxyerror" +
                    fill + title);
  else
    plots.push_back(block + at + ":4:(" + exact_text(0.92 * width) + ") with boxes" + fill + title);
  const std::string tint = " linecolor rgb " + (plot.y.logarithmic ? colour(place) : quoted("black"));
  const std::string reach = difference_on(across ? "x" : "y", plot.y, 6, 5);
  if (has_spread(series))
    plots.push_back(
        block + (across ? length(5).substr(1) + ":" + at + ":" + reach + ":(0)" : at + length(5) + ":(0):" + reach) +
        " with vectors nohead" + tint + " notitle");
  else if (count == 1 && bars.names.size() <= kMostMeasured && !across)
    plots.push_back(block + at + ":4:(gprintf('%g', $4)) with labels offset 0,0.6 notitle");
}

}  // namespace

std::string data_of(const Plot& plot, const Bars& bars) {
  std::string text =
      csv_field(label(plot.x)) + ",series,place," + csv_field(label(plot.y)) + ",interval from,interval to\n";
  for (std::size_t i = 0; i < bars.series.size(); ++i) {
    if (i > 0) text += "\n\n";
    for (const Point& bar : bars.series[i].bars)
      text += csv_field(bars.names[static_cast<std::size_t>(bar.x)]) + "," + csv_field(bars.series[i].name) + "," +
              exact_text(bar.x) + "," + exact_text(bar.y) + "," + exact_text(bar.y - bar.spread) + "," +
              exact_text(bar.y + bar.spread) + "\n";
  }
  return text;
}

std::string script_of(const Plot& plot, const Bars& bars) {
  std::vector<std::string> names;
  for (const BarSeries& series : bars.series)
    if (series.drawn) names.push_back(series.name);
  const std::vector<std::string> entries = written(names);
  const std::size_t count = entries.size();
  std::vector<std::string> plots;
  for (std::size_t i = 0, place = 0; i < bars.series.size(); ++i)
    if (bars.series[i].drawn) add_plots(plot, bars, i, place++, entries, plots);
  const bool across = is_across(bars);
  const int rows = static_cast<int>(bars.names.size() * std::max<std::size_t>(count, 2));
  const int height = (across ? std::max(kHeight / 2, 110 + 14 * rows) : kHeight) + key_growth(bars.key, entries);
  const std::string along = across ? "y" : "x";
  const std::string last = exact_text(static_cast<double>(bars.names.size()) - 0.4);
  const std::string ends = across ? "[" + last + ":-0.6]\n" : "[-0.6:" + last + "]\n";  // across: the first on top
  return head(plot, kWidth, height) + axis_lines(across ? "y" : "x", plot.x) + axis_lines(across ? "x" : "y", plot.y) +
         name_tics(along, bars.names, across ? bars.names.size() : names_that_fit(bars)) + "set " + along + "range " +
         ends + key_lines(bars.key, entries) + plot_command(plots);
}

}  // namespace settle::gnuplot
