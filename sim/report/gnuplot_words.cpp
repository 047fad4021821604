#include "sim/report/gnuplot_words.hpp"

#include <algorithm>
#include <array>

#include "sim/report/curves.hpp"
#include "sim/report/text.hpp"

namespace settle::gnuplot {
namespace {

// Okabe & Ito (2008), without black and yellow, which vanish on a dark and on a white ground.
constexpr std::array<const char*, 6> kColours = {"#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"};
constexpr std::array<int, 12> kPoints = {7, 5, 9, 13, 11, 15, 6, 4, 8, 12, 10, 14};

constexpr int kLetter = 8;    // an average one's width at 14 points
constexpr int kSample = 70;   // a key entry's line and its margins
constexpr int kKeyLine = 19;  // a line's height
constexpr int kMargins = 90;  // left and right of a plot

// At which a logarithmic axis can show what is not above 0.
bool has_begin(const Axis& axis) { return axis.logarithmic && axis.least; }

}  // namespace

std::string colour(std::size_t index) { return quoted(kColours[index % kColours.size()]); }
std::string point_type(std::size_t index) { return std::to_string(kPoints[index % kPoints.size()]); }
std::string dash_type(std::size_t index) { return index % kPoints.size() < kColours.size() ? "solid" : "(12,4)"; }

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    if (c == '\'') result += '\'';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result + "'";
}

std::string label(const Axis& axis) { return axis.unit.empty() ? axis.label : axis.label + " (" + axis.unit + ")"; }

std::string axis_lines(const std::string& name, const Axis& axis) {
  const auto end = [](const std::optional<double>& value) { return value ? exact_text(*value) : std::string("*"); };
  std::string text = "set " + name + "label " + quoted(label(axis)) + "\nset " + name + "range [" + end(axis.least) +
                     ":" + end(axis.most) + "]\n";
  if (axis.logarithmic) text += "set logscale " + name + "\n";
  if (axis.zero) text += "set " + name + "tics add ('0' " + exact_text(*axis.zero) + ")\n";
  if (has_begin(axis)) text += name + "_at(v) = v > 0 ? v : v <= 0 ? " + exact_text(*axis.least) + " : NaN\n";
  return text;
}

std::string column_on(const std::string& name, const Axis& axis, int column) {
  return has_begin(axis) ? "(" + name + "_at($" + std::to_string(column) + "))" : std::to_string(column);
}

std::string difference_on(const std::string& name, const Axis& axis, int to, int from) {
  const std::string function = has_begin(axis) ? name + "_at" : "";
  return "(" + function + "($" + std::to_string(to) + ")-" + function + "($" + std::to_string(from) + "))";
}

std::string head(const Plot& plot, int width, int height) {
  return "# Draws " + plot.name + ".svg from " + plot.name + ".csv: gnuplot " + plot.name +
         ".gp\n"
         "reset session\n"
         "set encoding utf8\n"
         "set terminal svg size " +
         std::to_string(width) + "," + std::to_string(height) +
         " dynamic noenhanced font 'sans-serif,14' linewidth 1.4" +
         (plot.ground.empty() ? "" : " background " + quoted(plot.ground)) +
         "\n"
         "set output " +
         quoted(plot.name + ".svg") +
         "\n"
         "set datafile separator ','\n"
         "set title " +
         quoted(plot.title) +
         "\n"
         "set format '%g'\n"
         "set grid linecolor rgb 'gray' linewidth 0.5 dashtype solid\n"
         "set border 3\n"
         "set tics nomirror out\n";
}

std::string key_lines(const std::string& title, const std::vector<std::string>& entries) {
  if (entries.empty() || (entries.size() == 1 && entries.front().empty())) return "unset key\n";
  return "set key outside top center horizontal" + (title.empty() ? "" : " title " + quoted(title)) + "\n";
}

int key_growth(const std::string& title, const std::vector<std::string>& entries) {
  std::size_t longest = 0;
  for (const std::string& entry : entries) longest = std::max(longest, entry.size());
  const int a_row = std::max(1, (kWidth - kMargins) / (kLetter * static_cast<int>(longest) + kSample));
  const int rows = (static_cast<int>(entries.size()) + a_row - 1) / a_row;
  return kKeyLine * std::max(0, rows + (title.empty() ? 0 : 1) - 1);
}

std::vector<std::string> written(const std::vector<std::string>& names) { return told_apart(names, kLongestName); }

std::string name_tics(const std::string& name, const std::vector<std::string>& names, std::size_t most) {
  std::string text = "set " + name + "tics scale 0 (";
  const std::vector<std::string> texts = written(names);
  for (const std::size_t i : spread_out(names.size(), most))
    text += (i == 0 ? "" : ", ") + quoted(texts[i]) + " " + std::to_string(i);
  return text + ")\n";
}

std::string source(const Plot& plot) { return quoted(plot.name + ".csv") + " skip 1"; }

std::string plot_command(const std::vector<std::string>& plots) {
  std::string text = "plot ";
  for (std::size_t i = 0; i < plots.size(); ++i) text += (i == 0 ? "" : ", \\\n  ") + plots[i];
  return text + "\n";
}

}  // namespace settle::gnuplot
