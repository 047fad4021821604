#include "sim/report/study_figures.hpp"

#include <algorithm>
#include <cmath>
#include <map>

#include "sim/report/column_words.hpp"
#include "sim/report/curves.hpp"
#include "sim/report/text.hpp"

namespace settle {
namespace {

constexpr std::size_t kMostBars = 48;  // of a picture

using Names = std::vector<std::string>;

// All lines of a picture, in the order in which the study brings them.
Names series_of(const std::vector<StudyGroup>& groups) {
  Names names;
  for (const StudyGroup& group : groups) {
    const std::string name = joined(group.series, ", ");
    if (std::ranges::find(names, name) == names.end()) names.push_back(name);
  }
  return names;
}

Names values_of_x(const std::vector<StudyGroup>& groups) {
  Names values;
  for (const StudyGroup& group : groups)
    if (std::ranges::find(values, group.x) == values.end()) values.push_back(group.x);
  return values;
}

bool any_below(const Shown& heights, double limit) {
  const auto below = [&](double number) { return number < limit; };
  return std::ranges::any_of(heights.numbers, below) || std::ranges::any_of(heights.ends, below);
}

class FigureMaker {
 public:
  FigureMaker(const StudyRecord& study, const std::vector<StudyGroup>& groups, const std::string& column)
      : study_(study), groups_(groups), column_(column), words_(column_words(column)), series_(series_of(groups)) {}

  bool has_numbers() const {
    const bool must_stand = !study_.is_variable(study_.axes.x);
    return std::ranges::any_of(groups_, [&](const StudyGroup& group) {
      return (!must_stand || std::isfinite(group.place)) && point(group, column_).has_value();
    });
  }

  Plot plot() const {
    const ColumnWords x = column_words(study_.axes.x);
    Plot plot{picture_name("study_" + column_),
              words_.label + " by " + x.label,
              caption(),
              {x.label, x.unit},
              {words_.label, words_.unit, study_.axes.log_y},
              {}};
    if (over_numbers())
      draw_curves(plot, x.scale);
    else
      draw_bars(plot);
    return plot;
  }

 private:
  bool over_numbers() const {
    return !study_.is_variable(study_.axes.x) ||
           std::ranges::all_of(groups_, [](const StudyGroup& group) { return std::isfinite(group.place); });
  }

  // In the figure's unit; none where no repeat has a number.
  std::optional<Point> point(const StudyGroup& group, const std::string& column) const {
    const Estimate estimate = estimate_of(study_, group, column);
    if (estimate.samples == 0) return std::nullopt;
    return Point{group.place, estimate.mean * words_.scale, estimate.half_width * words_.scale};
  }

  Series line(const std::string& name, const std::string& column) const {
    Series series{name, {}};
    for (const StudyGroup& group : groups_)
      if (joined(group.series, ", ") == name && std::isfinite(group.place))
        series.points.push_back(point(group, column).value_or(Point{group.place, NAN}));
    if (study_.is_variable(study_.axes.x)) std::ranges::stable_sort(series.points, {}, &Point::x);
    return series;
  }

  void draw_curves(Plot& plot, double scale_of_x) const {
    std::vector<Series> all;
    const std::vector<std::size_t> chosen = spread_out(series_.size(), kMostStyles);
    for (std::size_t i = 0; i < series_.size(); ++i) {
      const auto place = std::ranges::find(chosen, i);
      Series measured = line(series_[i], column_);
      measured.drawn = place != chosen.end();
      measured.colour = measured.drawn ? static_cast<std::size_t>(place - chosen.begin()) : 0;
      Series theory = line(series_[i], column_ + "_closed_form");
      theory.look = Series::Look::prediction;
      theory.drawn = measured.drawn;
      theory.colour = measured.colour;
      all.push_back(std::move(measured));
      if (has_points({theory})) all.push_back(std::move(theory));
    }
    plot.caption += note_of_choice(chosen.size(), series_.size(), "lines");
    Shown places;
    Shown heights;
    for (Series& series : all)
      for (Point& point : series.points) {
        point.x *= scale_of_x;
        places.numbers.push_back(point.x);
        if (series.drawn) heights.add(point);
      }
    if (std::ranges::any_of(all, [](const Series& one) { return one.look == Series::Look::prediction; }))
      plot.caption += " Thin and dashed: the closed form. " + column_words(column_ + "_closed_form").glossary;
    plot.x.logarithmic = study_.axes.log_x;
    // What begins just above 0 begins at 0, not at the round number below it.
    const double most = heights.numbers.empty() ? 0 : std::ranges::max(heights.numbers);
    if (!plot.y.logarithmic && !any_below(heights, 0) && any_below(heights, most / 10)) plot.y.least = 0;
    fit_axis(plot.x, places);
    fit_axis(plot.y, heights);
    if (plot.x.zero || plot.y.zero) plot.caption += note_of_zero(plot.x.zero ? plot.x : plot.y);
    plot.content = Curves{std::move(all), joined(study_.axes.series, ", ")};
  }

  void draw_bars(Plot& plot) const {
    Bars bars{{}, {}, joined(study_.axes.series, ", ")};
    const Names values = values_of_x(groups_);
    const std::vector<std::size_t> chosen = spread_out(series_.size(), kMostCurves);
    for (const std::size_t i : spread_out(values.size(), kMostBars / chosen.size())) bars.names.push_back(values[i]);
    plot.caption += note_of_choice(bars.names.size(), values.size(), "values of " + plot.x.label);
    plot.caption += note_of_choice(chosen.size(), series_.size(), "groups");
    Shown heights;
    for (std::size_t i = 0; i < series_.size(); ++i) {
      BarSeries series{series_[i], {}, std::ranges::find(chosen, i) != chosen.end()};
      for (const StudyGroup& group : groups_) {
        const auto name = std::ranges::find(bars.names, group.x);
        if (name == bars.names.end() || joined(group.series, ", ") != series.name) continue;
        Point bar = point(group, column_).value_or(Point{0, NAN});
        bar.x = static_cast<double>(name - bars.names.begin());
        heights.add(bar);
        series.bars.push_back(bar);
      }
      bars.series.push_back(std::move(series));
    }
    if (!plot.y.logarithmic && !any_below(heights, 0)) plot.y.least = 0;
    fit_axis(plot.y, heights);
    plot.caption += note_of_zero(plot.y);
    plot.content = std::move(bars);
  }

  std::string caption() const {
    std::string text = words_.glossary;
    const auto more = [&](const std::string& sentence) { text += (text.empty() ? "" : " ") + sentence; };
    const auto repeats = [](const StudyGroup& group) { return group.rows.size(); };
    const std::size_t most = groups_.empty() ? 0 : std::ranges::max(groups_, {}, repeats).rows.size();
    if (most > 1)
      more("Each point is the mean of " + std::to_string(most) +
           " repeats with its 95 % interval (Student's t); intervals that overlap widely tell no difference.");
    std::size_t missing = 0;
    for (const StudyRecordRow& row : study_.rows)
      if (!std::isfinite(study_.number(row, column_))) ++missing;
    if (missing > 0)
      more(std::to_string(missing) + " of " + std::to_string(study_.rows.size()) +
           " rows have no number here and are left out.");
    return text;
  }

  const StudyRecord& study_;
  const std::vector<StudyGroup>& groups_;
  const std::string& column_;
  ColumnWords words_;
  Names series_;
};

}  // namespace

StudyFigures study_figures(const StudyRecord& study, const std::vector<StudyGroup>& groups) {
  StudyFigures figures;
  if (study.axes.x.empty()) return figures;
  for (const std::string& column : study.axes.y) {
    const FigureMaker maker(study, groups, column);
    if (maker.has_numbers())
      figures.plots.push_back(maker.plot());
    else
      figures.without_numbers.push_back(column);
  }
  return figures;
}

}  // namespace settle
