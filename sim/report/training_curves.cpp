#include "sim/report/training_curves.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sim/report/curves.hpp"
#include "sim/report/metrics.hpp"
#include "sim/report/rules_table.hpp"
#include "sim/report/text.hpp"

namespace settle {
namespace {

constexpr std::size_t kFewestPoints = 3;  // that make a curve
const Axis kTrials{"trial", "count since the run began", false, 0.0};

// The values of some of the variables, in the order of `series`.
std::string words_of(const StudyGroup& group, const std::vector<std::size_t>& chosen, std::string_view between) {
  std::vector<std::string> words;
  for (const std::size_t i : chosen) words.push_back(group.series[i]);
  return joined(words, between);
}

std::size_t told_apart_by(const std::vector<StudyGroup>& groups, const std::vector<std::size_t>& chosen) {
  std::set<std::string> texts;
  for (const StudyGroup& group : groups) texts.insert(words_of(group, chosen, "\n"));
  return texts.size();
}

// What names a line, and what a picture.
struct Naming {
  std::vector<std::size_t> line;
  std::vector<std::size_t> picture;

  Naming(const StudyRecord& study, const std::vector<StudyGroup>& groups) {
    const std::vector<std::string>& names = study.axes.series;
    const bool rules_differ = std::ranges::any_of(names, is_of_rule);
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (rules_differ && !is_of_rule(names[i])) {
        picture.push_back(i);
        continue;
      }
      std::vector<std::size_t> with = line;
      with.push_back(i);
      if (told_apart_by(groups, with) > told_apart_by(groups, line)) line = std::move(with);
    }
  }
};

struct Line {
  std::string name;
  bool is_backprop = false;
  std::vector<RunMetrics> runs;
};

struct Picture {
  std::string name;
  std::vector<Line> lines;
};

std::vector<RunMetrics> metrics_of(const StudyRecord& study, const StudyGroup& group) {
  std::vector<RunMetrics> runs;
  std::error_code unknown;
  for (const StudyRecordRow* row : group.rows)
    if (const auto file = study.directory / row->run / "metrics.jsonl"; std::filesystem::exists(file, unknown))
      runs.push_back(read_metrics(file));
  return runs;
}

std::vector<Picture> pictures_of(const StudyRecord& study, const std::vector<StudyGroup>& groups) {
  const Naming naming(study, groups);
  std::vector<Picture> pictures;
  for (const StudyGroup& group : groups) {
    const std::string name = words_of(group, naming.picture, ", ");
    auto picture = std::ranges::find(pictures, name, &Picture::name);
    if (picture == pictures.end()) picture = pictures.insert(pictures.end(), {name, {}});
    const bool backprop = is_backprop(study, group);
    picture->lines.push_back(
        {backprop ? "backprop" : words_of(group, naming.line, ", "), backprop, metrics_of(study, group)});
  }
  for (Picture& picture : pictures) std::ranges::stable_sort(picture.lines, {}, &Line::is_backprop);
  return pictures;
}

std::vector<Point> training_points(const RunMetrics& metrics) {
  std::vector<Point> points;
  for (const TrainRow& row : metrics.train) points.push_back({static_cast<double>(row.trial), row.loss});
  return points;
}

std::vector<Point> held_out_points(const RunMetrics& metrics) {
  std::vector<Point> points;
  for (const EpochRow& row : metrics.epochs)
    if (!row.held_out.empty()) points.push_back({static_cast<double>(row.trial), row.held_out_loss});
  return points;
}

using PointsOf = std::vector<Point> (*)(const RunMetrics&);

// `windows`: how many the longest run has; 0: a point a trial.
Curves curves_of(const Picture& picture, PointsOf points_of, std::size_t windows) {
  Curves curves;
  double last = 0;
  std::vector<std::vector<std::vector<Point>>> lines;
  for (const Line& line : picture.lines) {
    lines.emplace_back();
    for (const RunMetrics& run : line.runs) {
      lines.back().push_back(points_of(run));
      if (!lines.back().back().empty()) last = std::max(last, lines.back().back().back().x);
    }
  }
  const double width = windows == 0 ? 1 : std::max(1.0, last / static_cast<double>(windows));
  for (std::size_t i = 0; i < picture.lines.size(); ++i) {
    const Line& line = picture.lines[i];
    const std::size_t colour = line.is_backprop ? kMostCurves + i % kMostCurves : i;
    curves.series.push_back({line.name, mean_curve(lines[i], width), Series::Look::line, colour});
  }
  return curves;
}

void add_plot(std::vector<Plot>& plots, Plot plot, const std::string& setting) {
  auto& series = std::get<Curves>(plot.content).series;
  std::erase_if(series, [](const Series& one) { return one.points.size() < kFewestPoints; });
  if (!has_points(series)) return;
  const std::vector<std::size_t> shown = spread_out(series.size(), kMostStyles);
  for (std::size_t i = 0; i < series.size(); ++i) series[i].drawn = std::ranges::find(shown, i) != shown.end();
  if (!setting.empty()) {
    plot.name += "_" + picture_name(setting);
    plot.title += ": " + setting;
  }
  plot.caption += note_of_choice(shown.size(), series.size(), "lines");
  plot.ground = "white";
  fit_vertical(plot);
  plots.push_back(std::move(plot));
}

std::string hint(const Picture& picture) {
  const bool compares = picture.lines.size() > 1 && picture.lines.back().is_backprop;
  return compares ? " A line under backprop's dashes follows it." : "";
}

}  // namespace

std::vector<Point> mean_curve(const std::vector<std::vector<Point>>& runs, double width) {
  struct Window {
    std::vector<double> x;  // a number a run
    std::vector<double> y;
  };
  std::map<double, Window> windows;
  for (const std::vector<Point>& run : runs) {
    std::map<double, Window> own;
    for (const Point& point : run) {
      if (!std::isfinite(point.y)) continue;
      Window& window = own[std::ceil(point.x / width)];
      window.x.push_back(point.x);
      window.y.push_back(point.y);
    }
    for (const auto& [place, window] : own) {
      windows[place].x.push_back(estimate(window.x).mean);
      windows[place].y.push_back(estimate(window.y).mean);
    }
  }
  std::vector<Point> points;
  for (const auto& [place, window] : windows) {
    const Estimate height = estimate(window.y);
    points.push_back({estimate(window.x).mean, height.mean, height.half_width});
  }
  return points;
}

std::vector<Plot> training_curves(const StudyRecord& study, const std::vector<StudyGroup>& groups,
                                  const std::string& name) {
  const std::string stem = picture_name(name);
  const std::string repeats = std::ranges::any_of(groups, [](const StudyGroup& group) { return group.rows.size() > 1; })
                                  ? ", mean of the repeats with its 95 % interval"
                                  : "";
  const std::vector<Picture> pictures = pictures_of(study, groups);
  const std::vector<std::size_t> chosen = spread_out(pictures.size(), kMostPictures);
  const std::string note = chosen.size() == pictures.size()
                               ? ""
                               : " Of " + std::to_string(pictures.size()) + " settings " +
                                     std::to_string(chosen.size()) + " have pictures, evenly spread.";
  std::vector<Plot> plots;
  for (const std::size_t i : chosen) {
    const std::string behind = repeats + "." + hint(pictures[i]) + note;
    add_plot(plots,
             {stem + "_train_loss",
              "Loss of training batches",
              "Loss of training batches, before they are learned" + behind,
              kTrials,
              {"loss", "nats per sample"},
              curves_of(pictures[i], training_points, kMostWindows)},
             pictures[i].name);
    add_plot(plots,
             {stem + "_test_loss",
              "Loss of held-out samples",
              "Loss of held-out samples at the end of each epoch" + behind,
              kTrials,
              {"loss", "nats per sample"},
              curves_of(pictures[i], held_out_points, 0)},
             pictures[i].name);
  }
  return plots;
}

}  // namespace settle
