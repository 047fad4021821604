#include "sim/report/asynchrony_figures.hpp"

#include <algorithm>
#include <cmath>

#include "sim/report/text.hpp"

namespace settle {
namespace {

constexpr std::size_t kMostNamed = 24;  // vertices that are shown one by one
constexpr double kMostBins = 20;
constexpr std::size_t kLongestName = 16;

std::string whole(double number) { return std::to_string(static_cast<std::uint64_t>(number)); }

// How many of `counts` lie in each of a few ranges of whole numbers, all alike in width.
Bars histogram(const std::vector<double>& counts) {
  const auto [least, most] = std::ranges::minmax(counts);
  const double width = std::ceil((most - least + 1) / kMostBins);
  Bars bars;
  for (double begin = least; begin <= most; begin += width)
    bars.add(width == 1 ? whole(begin) : whole(begin) + "-" + whole(begin + width - 1), 0);
  for (const double count : counts) ++bars.series.front().bars[static_cast<std::size_t>((count - least) / width)].y;
  return bars;
}

Plot per_vertex(const VertexCountsRow& row, double VertexCounts::*member, const std::string& what,
                const std::string& caption) {
  Plot plot{what + "_per_vertex", "", caption, {"vertex", "in graph order"}, {what, "count per trial", false, 0.0}, {}};
  if (row.vertices.size() <= kMostNamed) {
    Bars bars;
    for (const VertexCounts& vertex : row.vertices) bars.add(abbreviated(vertex.vertex, kLongestName), vertex.*member);
    plot.content = bars;
  } else {
    std::vector<double> counts;
    for (const VertexCounts& vertex : row.vertices) counts.push_back(vertex.*member);
    plot.content = histogram(counts);
    plot.x = {what + " of a vertex", "count per trial"};
    plot.y = {"vertices", "count", false, 0.0};
  }
  plot.title =
      (what == "acts" ? "Acts" : "Messages") + std::string(" per vertex in trial ") + std::to_string(row.trial);
  return plot;
}

Plot tick_ages_figure(const StalenessRow& row) {
  Bars bars;
  for (std::size_t octave = 0; octave < row.tick_ages.size(); ++octave) {
    const std::uint64_t least = octave == 0 ? 0 : std::uint64_t{1} << (octave - 1);
    const std::uint64_t most = octave == 0 ? 0 : 2 * least - 1;
    if (bars.names.empty() && row.tick_ages[octave] == 0) continue;
    bars.add(least == most ? std::to_string(least) : std::to_string(least) + "-" + std::to_string(most),
             row.tick_ages[octave]);
  }
  return {
      "staleness_ticks",
      "How long ago what vertices acted on had been sent, in trial " + std::to_string(row.trial),
      "Each use of a neighbour's message counts once, at the ticks between its sending and the act: its flight, and "
      "the time that it has lain in its slot since. Bars far beyond the latency: the neighbour had nothing new to "
      "say, or its news were lost.",
      {"age", "ticks"},
      {"uses", "count per trial", false, 0.0},
      bars};
}

}  // namespace

std::vector<Plot> asynchrony_figures(const RunMetrics& metrics) {
  std::vector<Plot> figures;
  if (!metrics.counts.empty() && !metrics.counts.back().vertices.empty()) {
    const VertexCountsRow& last = metrics.counts.back();
    figures.push_back(per_vertex(last, &VertexCounts::acts, "acts",
                                 "How often each vertex acted in the relax phase. All alike: the schedule is fixed; "
                                 "vertices that act more often wait for less, or take longer to settle."));
    figures.push_back(per_vertex(last, &VertexCounts::messages, "messages",
                                 "What each vertex sent in the trial, to its children and its parents together: its "
                                 "acts times its neighbours, less what had not changed."));
  }
  if (!metrics.staleness.empty() && !metrics.staleness.back().tick_ages.empty())
    figures.push_back(tick_ages_figure(metrics.staleness.back()));
  return figures;
}

}  // namespace settle
