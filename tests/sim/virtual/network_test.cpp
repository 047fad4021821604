#include "sim/virtual/network.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "graph/language/language.hpp"

using namespace settle;

namespace {

using Fate = Network::Fate;

const GraphPtr& chain() {
  static const GraphPtr graph = parse_graph(
      "x ~ input(2)\na ~ normal(linear(x, 2))\nb ~ normal(linear(a, 2))\ny ~ normal(linear(b, 2))", "chain.graph");
  return graph;
}

// What the parent sends the child, or the child the parent.
LinkId down(const LinkIndex& links, VertexId child) { return links.link(child, MessageKind::value, 0); }
LinkId up(const LinkIndex& links, VertexId parent) { return links.link(parent, MessageKind::feedback, 0); }

Network network(const LinkIndex& links, const std::function<void(NetworkConfig&)>& change, std::uint64_t trial = 0) {
  NetworkConfig config;
  change(config);
  Network network(*chain(), links, network_options(config), 1);
  network.begin(trial);
  return network;
}

}  // namespace

TEST_CASE("links are numbered by receiver and slot, values before feedback") {
  const LinkIndex links(*chain());
  CHECK(links.size() == 6);
  CHECK(up(links, 0) == 0);
  CHECK(down(links, 1) == 1);
  CHECK(up(links, 1) == 2);
  CHECK(links.kind(1, 0) == MessageKind::value);
  CHECK(links.kind(1, 1) == MessageKind::feedback);
  CHECK(links.slot(1, 1) == 0);
}

TEST_CASE("a flight takes whole ticks, at least one") {
  const LinkIndex links(*chain());
  for (const auto& [latency, ticks] : std::vector<std::pair<std::string, Tick>>{{"7", 7}, {"2.6", 3}, {"0.01", 1}}) {
    const std::string text = latency;
    Network constant = network(links, [&](NetworkConfig& config) { config.latency = text; });
    CHECK(constant.pass(0, 10, 8).tick == 10 + ticks);
  }
  Network tiny = network(links, [](NetworkConfig& config) { config.latency = "exponential(0.001)"; });
  for (Tick tick = 0; tick < 50; ++tick) CHECK(tiny.pass(0, tick, 8).tick == tick + 1);
}

TEST_CASE("flights that differ keep their order, jitter breaks it") {
  const LinkIndex links(*chain());
  for (const bool jitters : {false, true}) {
    Network net = network(links, [&](NetworkConfig& config) {
      config.latency = "uniform(1, 50)";
      if (jitters) config.jitter = 50;
    });
    Tick before = 0;
    bool overtook = false;
    for (Tick tick = 0; tick < 300; ++tick) {
      const Network::Passage passage = net.pass(1, tick, 8);
      CHECK(passage.fate == Fate::arrives);
      overtook = overtook || passage.tick < before;
      before = passage.tick;
    }
    CHECK(overtook == jitters);
    CHECK(net.may_overtake() == jitters);
  }
}

TEST_CASE("what one link draws changes no other, and each trial draws anew") {
  const LinkIndex links(*chain());
  const auto random = [](NetworkConfig& config) { config.latency = "lognormal(1000, 1)"; };
  Network busy = network(links, random);
  Network quiet = network(links, random);
  for (int k = 0; k < 20; ++k) busy.pass(2, 0, 8);
  CHECK(busy.pass(1, 0, 8).tick == quiet.pass(1, 0, 8).tick);
  CHECK(network(links, random).pass(1, 0, 8).tick != network(links, random).pass(3, 0, 8).tick);
  CHECK(network(links, random).pass(1, 0, 8).tick != network(links, random, 1).pass(1, 0, 8).tick);
}

TEST_CASE("a message occupies its link, or the one wire between its hosts, and the next ones wait") {
  const LinkIndex links(*chain());
  Network own = network(links, [](NetworkConfig& config) { config.bandwidth = 2; });
  CHECK(own.pass(up(links, 1), 0, 16).tick == 8 + 1);
  CHECK(own.pass(up(links, 1), 3, 16).tick == 16 + 1);
  CHECK(own.pass(up(links, 1), 100, 3).tick == 102 + 1);
  CHECK(own.pass(up(links, 2), 3, 16).tick == 11 + 1);
  CHECK_FALSE(own.shares_wires());

  Network shared = network(links, [](NetworkConfig& config) {
    config.hosts = "1: a, y";
    config.links = "from host 0 to host 1: bandwidth = 2";
  });
  CHECK(shared.shares_wires());
  CHECK(shared.pass(down(links, 1), 0, 16).tick == 8 + 1);  // x to a
  CHECK(shared.pass(up(links, 1), 0, 16).tick == 16 + 1);   // b to a: the same wire
  CHECK(shared.pass(up(links, 2), 0, 16).tick == 1);        // y to b: the other way
}

TEST_CASE("the share that is said is lost, to leave again or for good, and has occupied its wire") {
  const LinkIndex links(*chain());
  for (const bool again : {false, true}) {
    Network net = network(links, [&](NetworkConfig& config) {
      config.loss = 0.3;
      if (again) config.resend = 9;
    });
    CHECK(net.drops() == !again);
    int lost = 0;
    for (int k = 0; k < 20'000; ++k) {
      const Network::Passage passage = net.pass(0, 5, 8);
      if (passage.fate == Fate::arrives) continue;
      ++lost;
      CHECK(passage.fate == (again ? Fate::lost : Fate::dropped));
      if (again) CHECK(passage.tick == 5 + 9);
    }
    CHECK(lost == doctest::Approx(6000).epsilon(0.05));
  }
  Network occupied = network(links, [](NetworkConfig& config) {
    config.loss = 0.999999;
    config.resend = 9;
    config.bandwidth = 1;
  });
  CHECK(occupied.pass(0, 0, 8).tick == 8 + 9);
  CHECK(occupied.pass(0, 0, 8).tick == 16 + 9);
}

TEST_CASE("of rules that name the same link the later counts, for what both say") {
  const LinkIndex links(*chain());
  Network net = network(links, [](NetworkConfig& config) {
    config.latency = "2";
    config.links = "from * to *: latency = 5; from b to *: latency = 7, bandwidth = 8; from ? to a: bandwidth = 4";
  });
  CHECK(net.pass(down(links, 1), 0, 16).tick == 4 + 5);  // x to a
  CHECK(net.pass(up(links, 1), 0, 16).tick == 4 + 7);    // b to a
  CHECK(net.pass(down(links, 3), 0, 16).tick == 2 + 7);  // b to y
  CHECK(net.pass(down(links, 2), 0, 16).tick == 5);      // a to b
}
