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

Extent extent_of(const std::vector<Series>& all) {
  Extent extent;
  for (const Series& series : all)
    for (const Point& point : series.points) {
      if (!series.drawn || !std::isfinite(point.y)) continue;
      extent.least = std::min(extent.least, point.y);
      extent.most = std::max(extent.most, point.y);
      if (point.y > 0) extent.least_positive = std::min(extent.least_positive, point.y);
    }
  return extent;
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
         " are drawn, evenly spread over the graph; all are in the data.";
}

bool suits_logarithm(const std::vector<Series>& series) {
  const Extent extent = extent_of(series);
  return extent.least >= 0 && extent.most > 20 * extent.least_positive;
}

void fit_vertical(Plot& plot) {
  const std::vector<Series>& series = std::get<Curves>(plot.content).series;
  plot.y.logarithmic = !plot.y.least && suits_logarithm(series);
  const Extent extent = extent_of(series);
  if (plot.y.logarithmic) {
    if (extent.least == 0) plot.caption += " An exact 0 has no place on the logarithmic axis and is left out.";
    return;
  }
  if (extent.most > extent.least || extent.most < extent.least || plot.y.least) return;
  plot.y.least = extent.least == 0 ? 0 : extent.least - std::abs(extent.least) / 2;
  plot.y.most = extent.least == 0 ? 1 : extent.least + std::abs(extent.least) / 2;
}

}  // namespace settle
