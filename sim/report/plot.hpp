// Purpose: what a picture of a report shows: axes with units, curves or bars, and what the reader is to see in it.
// Describes, does not draw (sim/report/gnuplot.hpp does). Thread rule: a value type.
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
};

struct Point {
  double x = 0;
  double y = 0;
};

struct Series {
  enum class Look {
    line,        // measured, joined
    prediction,  // what theory says: dashed, no points
  };
  std::string name;
  std::vector<Point> points;
  Look look = Look::line;
  std::size_t colour = 0;  // series of one colour belong together: a measurement and its prediction
  bool drawn = true;       // false: in the data only
};

struct Curves {
  std::vector<Series> series;
};

struct Bar {
  std::string name;
  double length = 0;
};

struct Bars {
  std::vector<Bar> bars;
};

struct Plot {
  std::string name;     // of its files: lower-case letters, digits and underscores
  std::string title;    // one line
  std::string caption;  // the glossary line: what the quantities are and what is to be seen
  Axis x;
  Axis y;
  std::variant<Curves, Bars> content;
};

}  // namespace settle
