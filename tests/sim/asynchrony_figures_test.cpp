// Pictures of counts by vertex and of ages: few vertices by name, many as a histogram that counts each once.
#include "sim/report/asynchrony_figures.hpp"

#include <doctest/doctest.h>

#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

RunMetrics metrics_of(std::size_t vertices, std::size_t kinds) {
  VertexCountsRow row{12, {}};
  for (std::size_t k = 0; k < vertices; ++k)
    row.vertices.push_back({"v" + std::to_string(k), static_cast<double>(k % kinds), static_cast<double>(2 * k)});
  RunMetrics metrics;
  metrics.counts = {VertexCountsRow{6, {}}, row};
  return metrics;
}

struct Bar {
  std::string name;
  double length;
};

std::vector<Bar> bars_of(const Plot& plot) {
  const Bars& bars = std::get<Bars>(plot.content);
  REQUIRE(bars.series.size() == 1);
  REQUIRE(bars.series[0].bars.size() == bars.names.size());
  std::vector<Bar> list;
  for (std::size_t k = 0; k < bars.names.size(); ++k) list.push_back({bars.names[k], bars.series[0].bars[k].y});
  return list;
}

}  // namespace

TEST_CASE("few vertices are shown one by one in graph order, with the last row's counts") {
  const std::vector<Plot> figures = asynchrony_figures(metrics_of(5, 3));
  REQUIRE(figures.size() == 2);
  CHECK(figures[0].name == "acts_per_vertex");
  CHECK(figures[1].name == "messages_per_vertex");
  CHECK(figures[0].title == "Acts per vertex in trial 12");
  REQUIRE(bars_of(figures[0]).size() == 5);
  CHECK(bars_of(figures[0])[4].name == "v4");
  CHECK(bars_of(figures[0])[4].length == 1);
  CHECK(bars_of(figures[1])[4].length == 8);
}

TEST_CASE("many vertices are a histogram of a few bars in which each counts once") {
  const std::vector<Plot> figures = asynchrony_figures(metrics_of(100'000, 3));
  REQUIRE(figures.size() == 2);
  REQUIRE(bars_of(figures[0]).size() == 3);
  CHECK(bars_of(figures[0])[2].name == "2");
  CHECK(bars_of(figures[0])[2].length == 33'333);
  CHECK(bars_of(figures[1]).size() == 20);
  CHECK(bars_of(figures[1]).front().name == "0-9999");
  double sum = 0;
  for (const Bar& bar : bars_of(figures[1])) sum += bar.length;
  CHECK(sum == 100'000);
}

TEST_CASE("ages in ticks are named by their ranges, from the first that occurs, and read back from metrics") {
  const Scratch scratch;
  put(scratch / "m", std::string_view("{\"kind\":\"staleness\",\"trial\":3,\"slot_ages\":[5,1]}\n"
                                      "{\"kind\":\"staleness\",\"trial\":4,\"slot_ages\":[5,1],\"virtual_time\":"
                                      "{\"dropped\":7,\"slot_ages\":[1],\"slot_ages_ticks\":[0,2,0,4]}}\n"
                                      "{\"kind\":\"vertices\",\"trial\":4,\"vertices\":"
                                      "[{\"vertex\":\"a\",\"acts\":2,\"messages\":3,\"bytes\":9}]}\n"));
  const RunMetrics metrics = read_metrics(scratch / "m");
  REQUIRE(metrics.staleness.back().totals.size() == 1);
  CHECK(metrics.staleness.back().totals[0].name == "dropped");
  CHECK(metrics.staleness.back().totals[0].number == 7);
  const std::vector<Plot> figures = asynchrony_figures(metrics);
  REQUIRE(figures.size() == 3);
  const std::vector<Bar> ages = bars_of(figures[2]);
  REQUIRE(ages.size() == 3);
  CHECK(ages[0].name == "1");
  CHECK(ages[0].length == 2);
  CHECK(ages[2].name == "4-7");
  CHECK(ages[2].length == 4);
}

}  // namespace settle
