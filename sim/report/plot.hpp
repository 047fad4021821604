// Purpose: what a picture of a report shows: axes with units, curves, bars or a heat map, and what the reader is to see
// in it. Describes, does not draw (sim/report/gnuplot.hpp does). Numbers that are not finite are gaps.
// Thread rule: a value type.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace settle {

struct Axis {
  std::string label;  // "trial"
  std::string unit;   // "nats"; of pure numbers what they count or compare ("count", "relative")
  bool logarithmic = false;
  std::optional<double> least = std::nullopt;  // where the axis begins and ends; else the data say
  std::optional<double> most = std::nullopt;
  std::optional<double> zero = std::nullopt;  // where 0 stands on a logarithmic axis; what is below stands at its begin
};

struct Point {
  double x = 0;
  double y = 0;
  double spread = 0;  // half the width of an interval around y; 0: none is known
};

struct Series {
  enum class Look {
    line,        // measured, joined; with intervals where points have a spread
    prediction,  // what theory says: thin and dashed, no points, without an entry in the key
  };
  std::string name;
  std::vector<Point> points;
  Look look = Look::line;
  std::size_t colour = 0;  // series of one colour belong together: a measurement and its prediction
  bool drawn = true;       // false: in the data only
};

struct Curves {
  std::vector<Series> series;
  std::string key = {};  // what tells the series apart: the key's title
};

// Of one name after the other; one bar a name, or one of each series side by side.
struct BarSeries {
  std::string name;
  std::vector<Point> bars = {};  // x: the name's index in Bars::names
  bool drawn = true;             // false: in the data only
};

struct Bars {
  std::vector<std::string> names;
  std::vector<BarSeries> series;
  std::string key = {};

  // One more name, where there is one series.
  void add(std::string name, double length) {
    if (series.empty()) series.emplace_back();
    series.front().bars.push_back({static_cast<double>(names.size()), length});
    names.push_back(std::move(name));
  }
};

// Row r, column c holds cells[r * columns.size() + c]; a cell that is not above 0 stays blank where values are
// logarithmic. Columns are evenly spaced.
struct HeatMap {
  std::vector<std::string> rows;
  std::vector<double> columns;  // rising
  std::vector<double> cells;
  Axis value;
};

struct Plot {
  std::string name;     // of its files: lower-case letters, digits and underscores
  std::string title;    // one line
  std::string caption;  // the glossary line: what the quantities are and what is to be seen
  Axis x;
  Axis y;
  std::variant<Curves, Bars, HeatMap> content;
  std::string ground = {};  // a colour: for pages that do not bring their own; empty: none
};

}  // namespace settle
