#include "sim/report/curves.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace settle {
namespace {

struct Extent {
  double least = std::numeric_limits<double>::infinity();
  double least_positive = std::numeric_limits<double>::infinity();
  double most = -std::numeric_limits<double>::infinity();
};

Extent extent_of(const std::vector<double>& numbers) {
  Extent extent;
  for (const double number : numbers) {
    if (!std::isfinite(number)) continue;
    extent.least = std::min(extent.least, number);
    extent.most = std::max(extent.most, number);
    if (number > 0) extent.least_positive = std::min(extent.least_positive, number);
  }
  return extent;
}

Shown heights_of(const std::vector<Series>& all) {
  Shown shown;
  for (const Series& series : all)
    for (const Point& point : series.points)
      if (series.drawn) shown.add(point);
  return shown;
}

}  // namespace

std::vector<std::size_t> spread_out(std::size_t count, std::size_t most) {
  std::vector<std::size_t> chosen;
  const std::size_t shown = std::min(count, most);
  for (std::size_t k = 0; k < shown; ++k) chosen.push_back(shown == 1 ? 0 : k * (count - 1) / (shown - 1));
  return chosen;
}

std::string note_of_choice(std::size_t drawn, std::size_t count, const std::string& what) {
  if (drawn >= count) return "";
  return " " + std::to_string(drawn) + " of " + std::to_string(count) + " " + what +
         " are drawn, evenly spread; all are in the data.";
}

bool has_points(const std::vector<Series>& series) {
  return std::isfinite(extent_of(heights_of(series).numbers).least);
}

bool suits_logarithm(const std::vector<Series>& series) {
  const Extent extent = extent_of(heights_of(series).numbers);
  return extent.least >= 0 && extent.most > 20 * extent.least_positive;
}

void Shown::add(const Point& point) {
  numbers.push_back(point.y);
  if (point.spread > 0) ends.insert(ends.end(), {point.y - point.spread, point.y + point.spread});
}

void fit_axis(Axis& axis, const Shown& shown) {
  const Extent extent = extent_of(shown.numbers);
  const Extent ends = extent_of(shown.ends);
  axis.logarithmic = axis.logarithmic && std::isfinite(extent.least_positive);
  if (axis.logarithmic && std::min(extent.least, ends.least) <= 0) {
    const double decade = std::floor(std::log10(extent.least_positive));
    if (extent.least <= 0) axis.zero = std::pow(10, decade - 1);
    axis.least = axis.zero.value_or(std::pow(10, decade));
  }
  if (extent.most != extent.least || ends.most > ends.least || axis.least) return;
  if (axis.logarithmic) {
    axis.least = extent.least / 10;
    axis.most = extent.least * 10;
  } else {
    axis.least = extent.least == 0 ? 0 : extent.least - std::abs(extent.least) / 2;
    axis.most = extent.least == 0 ? 1 : extent.least + std::abs(extent.least) / 2;
  }
}

std::string note_of_zero(const Axis& axis) {
  return axis.zero ? " What is 0 or below stands at the begin of the logarithmic axis." : "";
}

void fit_vertical(Plot& plot) {
  const std::vector<Series>& series = std::get<Curves>(plot.content).series;
  plot.y.logarithmic = !plot.y.least && suits_logarithm(series);
  fit_axis(plot.y, heights_of(series));
  plot.caption += note_of_zero(plot.y);
}

}  // namespace settle
