#include <algorithm>
#include <cmath>

#include "sim/report/gnuplot_kinds.hpp"
#include "sim/report/gnuplot_words.hpp"
#include "sim/report/text.hpp"
#include "sim/text.hpp"

namespace settle::gnuplot {
namespace {

constexpr std::size_t kMostNames = 40;
constexpr int kNameLine = 18;

// Viridis (van der Walt & Smith 2015): evenly lighter from least to most, in print and for every eye.
constexpr const char* kPalette =
    "set palette defined (0 '#440154', 1 '#482878', 2 '#3E4A89', 3 '#31688E', 4 '#26828E', 5 '#1F9E89', 6 '#35B779', "
    "7 '#6DCD59', 8 '#B4DE2C', 9 '#FDE725')\n";

// An image takes the size of its cells from their distances: one row or column alone has none.
std::string cells(const HeatMap& map, const std::string& half) {
  if (map.rows.size() > 1 && map.columns.size() > 1) return " using 3:2:4 with image";
  return " using 3:2:($3-" + half + "):($3+" + half +
         "):($2-0.5):($2+0.5):4 with boxxyerror fillcolor palette fillstyle solid noborder";
}

}  // namespace

std::string data_of(const Plot& plot, const HeatMap& map) {
  std::string text =
      csv_field(label(plot.y)) + ",row," + csv_field(label(plot.x)) + "," + csv_field(label(map.value)) + "\n";
  for (std::size_t r = 0; r < map.rows.size(); ++r)
    for (std::size_t c = 0; c < map.columns.size(); ++c) {
      const double cell = map.cells[r * map.columns.size() + c];
      text += csv_field(map.rows[r]) + "," + std::to_string(r) + "," + exact_text(map.columns[c]) + "," +
              exact_text(map.value.logarithmic && !(cell > 0) ? NAN : cell) + "\n";
    }
  return text;
}

std::string script_of(const Plot& plot, const HeatMap& map) {
  const double half = map.columns.size() > 1 ? (map.columns[1] - map.columns[0]) / 2 : 0.5;
  const int height = 130 + kNameLine * static_cast<int>(std::clamp<std::size_t>(map.rows.size(), 14, kMostNames));
  return head(plot, kWide, height) + axis_lines("x", plot.x) + axis_lines("y", plot.y) + axis_lines("cb", map.value) +
         name_tics("y", map.rows, kMostNames) + "set yrange [" +
         exact_text(static_cast<double>(map.rows.size()) - 0.5) + ":-0.5]\nset xrange [" +
         exact_text(map.columns.front() - half) + ":" + exact_text(map.columns.back() + half) +
         "]\nunset grid\nset border 15\n" + kPalette + "plot " + source(plot) + cells(map, exact_text(half)) +
         " notitle\n";
}

}  // namespace settle::gnuplot
