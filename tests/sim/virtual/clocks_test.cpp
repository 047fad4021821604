#include "sim/virtual/clocks.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>
#include <vector>

#include "graph/language/language.hpp"

using namespace settle;

namespace {

// `count` vertices that compute 3 products for every sample.
GraphPtr neurons(int count) {
  std::string text = "x ~ input(3)\n";
  for (int k = 0; k < count; ++k) text += "h" + std::to_string(k) + " ~ normal(linear(x, 1, bias=0))\n";
  return parse_graph(text, "neurons.graph");
}

Trial trial(std::uint64_t number = 0) {
  Trial trial;
  trial.number = number;
  trial.samples = {0, 1};
  return trial;
}

NetworkOptions options(const std::function<void(NetworkConfig&)>& change) {
  NetworkConfig config;
  change(config);
  return network_options(config);
}

// The ticks of the first `count` acts of a vertex that acts at every edge.
std::vector<Tick> acts(Clocks& clocks, VertexId vertex, int count) {
  std::vector<Tick> ticks;
  Tick tick = 0;
  for (int k = 0; k < count; ++k) {
    ticks.push_back(clocks.edge(vertex, tick));
    clocks.acted(vertex, ticks.back());
    tick = ticks.back() + 1;
  }
  return ticks;
}

}  // namespace

TEST_CASE("without clocks of their own vertices act at any tick") {
  const GraphPtr graph = neurons(1);
  Clocks clocks(*graph, {}, 1);
  clocks.begin(trial());
  for (const Tick tick : {Tick{0}, Tick{1}, Tick{7}}) CHECK(clocks.edge(1, tick) == tick);
  CHECK(clocks.compute(1) == 0);
}

TEST_CASE("edges come every period over rate, and an act takes its ticks over the rate") {
  const GraphPtr graph = neurons(1);
  Clocks clocks(*graph, options([](NetworkConfig& config) {
    config.period = 10;
    config.clock = "0.5";
    config.compute = "4";
  }),
                1);
  clocks.begin(trial());
  CHECK(acts(clocks, 1, 4) == std::vector<Tick>{0, 20, 40, 60});
  CHECK(clocks.edge(1, 61) == 80);
  CHECK(clocks.edge(1, 80) == 80);
  CHECK(clocks.compute(1) == 8);

  Clocks thirds(*graph, options([](NetworkConfig& config) {
    config.period = 10;
    config.clock = "3";
    config.compute = "cost(50)";
  }),
                1);
  thirds.begin(trial());
  CHECK(acts(thirds, 1, 7) == std::vector<Tick>{0, 4, 7, 10, 14, 17, 20});
  // Two samples of 3 multiply-adds, at 50 ticks each, three times as fast.
  CHECK(thirds.compute(1) == 2 * 3 * 50 / 3);
  CHECK(thirds.compute(0) == 0);
}

TEST_CASE("rates are drawn by name, for all trials, and vertices act as often as their rate says") {
  const GraphPtr graph = neurons(200);
  const NetworkOptions spread = options([](NetworkConfig& config) {
    config.period = 100;
    config.clock = "uniform(0.5, 2)";
  });
  Clocks clocks(*graph, spread, 1);
  clocks.begin(trial());
  double sum = 0, least = 10, most = 0;
  std::vector<Tick> ends;
  for (VertexId id = 1; id <= 200; ++id) {
    ends.push_back(acts(clocks, id, 101).back());
    const double rate = 10'000 / static_cast<double>(ends.back());
    sum += rate;
    least = std::min(least, rate);
    most = std::max(most, rate);
  }
  CHECK(sum / 200 == doctest::Approx(1.25).epsilon(0.06));
  CHECK(least == doctest::Approx(0.5).epsilon(0.05));
  CHECK(most == doctest::Approx(2).epsilon(0.05));
  clocks.begin(trial(5));
  for (VertexId id = 1; id <= 200; ++id) CHECK(acts(clocks, id, 101).back() == ends[id - 1]);
}

TEST_CASE("a drifting clock wanders about its rate with the deviation that it is told, another way each trial") {
  const GraphPtr graph = neurons(1);
  Clocks clocks(*graph, options([](NetworkConfig& config) {
    config.period = 100'000;
    config.drift = 0.2;
  }),
                1);
  clocks.begin(trial());
  const std::vector<Tick> first = acts(clocks, 1, 60'000);
  double sum = 0, squares = 0;
  int count = 0;
  for (std::size_t k = 1000; k < first.size(); ++k) {
    const double deviation = -std::log(static_cast<double>(first[k] - first[k - 1]) / 100'000);
    sum += deviation;
    squares += deviation * deviation;
    ++count;
    // One act changes a rate by little.
    if (k > 1000)
      CHECK(std::abs(static_cast<double>(first[k] - first[k - 1]) / static_cast<double>(first[k - 1] - first[k - 2]) -
                     1) < 0.2);
  }
  CHECK(std::abs(sum / count) < 0.05);
  CHECK(std::sqrt(squares / count) == doctest::Approx(0.2).epsilon(0.15));
  clocks.begin(trial(1));
  CHECK(acts(clocks, 1, 1000) != std::vector<Tick>(first.begin(), first.begin() + 1000));
  clocks.begin(trial());
  CHECK(acts(clocks, 1, 1000) == std::vector<Tick>(first.begin(), first.begin() + 1000));
}

TEST_CASE("stragglers stop once in every stretch, the others never, and the vertices of a host together") {
  const GraphPtr graph = neurons(400);
  Clocks clocks(*graph, options([](NetworkConfig& config) { config.straggler = "pause(100, 30, 0.25)"; }), 1);
  clocks.begin(trial());
  int stragglers = 0;
  for (VertexId id = 1; id <= 400; ++id) {
    std::uint64_t stopped = 0, pauses = 0;
    for (Tick tick = 0; tick < 2000; ++tick) {
      const Tick edge = clocks.edge(id, tick);
      stopped += edge > tick ? 1 : 0;
      pauses += edge > tick && (tick == 0 || clocks.edge(id, tick - 1) == tick - 1) ? 1 : 0;
    }
    if (stopped == 0) continue;
    ++stragglers;
    CHECK(pauses >= 12);  // 20, of which neighbours may touch
    CHECK(pauses <= 20);
    CHECK(stopped <= 600);
    CHECK(stopped >= 450);  // they may also overlap
  }
  CHECK(stragglers == doctest::Approx(100).epsilon(0.25));

  Clocks hosts(*graph, options([](NetworkConfig& config) {
    config.straggler = "pause(100, 30)";
    config.hosts = "1: h1*";
  }),
               1);
  hosts.begin(trial());
  bool apart = false;
  for (Tick tick = 0; tick < 1000; ++tick) {
    CHECK(hosts.edge(*graph->find("h1"), tick) == hosts.edge(*graph->find("h12"), tick));
    apart = apart || hosts.edge(*graph->find("h1"), tick) != hosts.edge(*graph->find("h2"), tick);
  }
  CHECK(apart);
}
