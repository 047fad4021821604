// What asynchrony may do to a relaxation in virtual time, and what it may not.
#include <doctest/doctest.h>

#include <bit>
#include <cstring>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "tests/sim/virtual/link_models.hpp"
#include "tests/sim/virtual/recording.hpp"
#include "tests/support/distance.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

NodeSettings<double> strictly(double rate, const ClampSource<double>* source) {
  NodeSettings<double> settings;
  settings.rule = strict<double>(rate);
  settings.wake = Wake::eager;
  settings.steps = 5000;
  settings.tolerance = 1e-14;
  settings.source = source;
  settings.staleness = true;
  return settings;
}

struct Seen {
  Outcome<double> outcome;
  std::vector<RecordedSample> trace;
  VirtualReport report;
};

Seen see(const RandomModel& model, const NodeSettings<double>& settings, NetworkOptions network,
         std::uint64_t number = 0, LearnMode learn = LearnMode::update) {
  network.sample_every = 5;
  Recording recording;
  const auto executor = make_virtual_time_executor(model.graph, settings, network);
  executor->observe_with(&recording);
  Seen seen;
  seen.outcome = observe_all<double>(*executor, *model.graph, model.trial(learn, number));
  seen.trace = std::move(recording.rows);
  seen.report = executor->last();
  return seen;
}

bool same(const Seen& a, const Seen& b, const Graph& graph) {
  if (first_difference(graph, a.outcome, b.outcome) != "" || a.report != b.report) return false;
  if (a.trace.size() != b.trace.size()) return false;
  for (std::size_t row = 0; row < a.trace.size(); ++row) {
    if (a.trace[row].tick != b.trace[row].tick || a.trace[row].messages != b.trace[row].messages) return false;
    for (VertexId id = 0; id < graph.size(); ++id)
      if (!same_bits(a.trace[row].values[id], b.trace[row].values[id])) return false;
  }
  return true;
}

NetworkOptions network_of(const std::function<void(NetworkConfig&)>& change) {
  NetworkConfig config;
  change(config);
  return network_options(config);
}

RandomModel chain() {
  RandomModel model;
  model.graph = parse_graph(
      "x ~ input(2)\na ~ normal(linear(x, 4))\nb ~ normal(linear(a, 4))\ny ~ normal(linear(b, 4))", "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 3});
  return model;
}

Tick ticks_to_settle(const RandomModel& model, const NodeSettings<double>& settings,
                     const std::function<void(NetworkConfig&)>& change) {
  return see(model, settings, network_of(change)).report.settled_after;
}

}  // namespace

TEST_CASE("one seed has one trace, one result and one report under every link model, another seed others") {
  const RandomModel model = random_model(11, true);
  const RandomData<double> data(model.graph, 11);
  NodeSettings<double> settings = strictly(0.05, &data);
  settings.steps = 200;
  for (const NamedNetwork& network : link_models()) {
    CAPTURE(network.name);
    settings.seed = 1;
    const Seen first = see(model, settings, network.options);
    CHECK(first.trace.size() > 3);
    CHECK(same(first, see(model, settings, network.options), *model.graph));
    if (network.name != "uniform") continue;
    const NodeSettings<double> one = settings;
    settings.seed = 2;
    CHECK_FALSE(same(first, see(model, settings, network.options), *model.graph));
    CHECK_FALSE(first.report == see(model, one, network.options, 1).report);  // another trial draws anew
  }
}

TEST_CASE("a trial's draws do not depend on the trials before it, so that a resumed run goes on as it would have") {
  const RandomModel model = random_model(11, true);
  const RandomData<double> data(model.graph, 11);
  NodeSettings<double> settings = strictly(0.05, &data);
  settings.steps = 100;
  for (const NamedNetwork& network : link_models()) {
    CAPTURE(network.name);
    const auto executor = make_virtual_time_executor(model.graph, settings, network.options);
    run_trial(*executor, model.trial(LearnMode::none, 3));
    const Outcome<double> second = observe_all<double>(*executor, *model.graph, model.trial(LearnMode::none, 4));
    const auto fresh = make_virtual_time_executor(model.graph, settings, network.options);
    const Outcome<double> alone = observe_all<double>(*fresh, *model.graph, model.trial(LearnMode::none, 4));
    CHECK(first_difference(*model.graph, second, alone) == "");
    CHECK(executor->last().settled_after == fresh->last().settled_after);
  }
}

TEST_CASE("strict relaxation settles where lockstep settles, whatever links and clocks do that the rate can bear") {
  RandomModel model;
  model.graph = parse_graph(
      "x ~ input(3)\na ~ normal(tanh(linear(x, 5)))\nb ~ normal(tanh(linear(a, 5)) + a, precision=2)\n"
      "c ~ normal(sin(linear(b, 4)))\ny ~ normal(linear(c, 3) + linear(a, 3))\n",
      "model.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 4});
  model.batch = 2;
  const RandomData<double> data(model.graph, 3);
  const NodeSettings<double> settings = strictly(0.05, &data);
  NodeSettings<double> lockstep = settings;
  lockstep.pacing = Pacing::lockstep;
  const auto expected = make_reference_executor(model.graph, lockstep);
  run_trial(*expected, model.trial(LearnMode::none));
  const auto settles = [&](const std::string& name, const std::function<void(NetworkConfig&)>& change) {
    CAPTURE(name);
    const Seen actual = see(model, settings, network_of(change), 0, LearnMode::none);
    CHECK(actual.outcome.report.unsettled == 0);
    Distance distance;
    for (VertexId id = 1; id < 4; ++id)
      distance.add(actual.outcome.values[id].flat(), expected->observe(id, Quantity::value).flat());
    CHECK(distance.relative() < 1e-11);
  };
  settles("uniform", [](NetworkConfig& config) { config.latency = "uniform(1, 5)"; });
  settles("lognormal", [](NetworkConfig& config) { config.latency = "lognormal(2, 0.5)"; });
  settles("jitter", [](NetworkConfig& config) { config.jitter = 4; });
  settles("loss with resend", [](NetworkConfig& config) {
    config.loss = 0.3;
    config.resend = 2;
  });
  settles("bandwidth", [](NetworkConfig& config) { config.bandwidth = 100; });
  settles("stragglers", [](NetworkConfig& config) { config.straggler = "pause(20, 6, 0.5)"; });
  settles("drifting clocks", [](NetworkConfig& config) {
    config.period = 20;
    config.clock = "uniform(0.5, 2)";
    config.drift = 0.3;
    config.latency = "20";
  });
}

TEST_CASE(
    "messages overtake under jitter, what is older than what came is superseded, and slots are the older for it") {
  const RandomModel model = random_model(11, true);
  const RandomData<double> data(model.graph, 11);
  const NodeSettings<double> settings = strictly(0.02, &data);
  const Seen in_order =
      see(model, settings, network_of([](NetworkConfig& config) { config.latency = "uniform(1, 9)"; }));
  CHECK(in_order.report.superseded == 0);
  const Seen overtaking = see(model, settings, network_of([](NetworkConfig& config) { config.jitter = 8; }));
  CHECK(overtaking.report.superseded > 0);
  CHECK(overtaking.report.superseded < overtaking.report.messages);
  const auto older = [](const AgeHistogram& ages) {
    double sum = 0, count = 0;
    for (std::size_t age = 0; age < ages.size(); ++age) {
      sum += static_cast<double>(age * ages[age]);
      count += static_cast<double>(ages[age]);
    }
    return sum / count;
  };
  const Seen at_once = see(model, settings, {});
  CHECK(older(at_once.report.ages) < older(overtaking.report.ages));
}

TEST_CASE("every message arrives, or is dropped, or waits for its resend: the counts add up") {
  const RandomModel model = random_model(11, true);
  const RandomData<double> data(model.graph, 11);
  NodeSettings<double> settings = strictly(0.02, &data);
  settings.steps = 100;
  const VirtualReport kept = see(model, settings, {}).report;
  CHECK(kept.events == kept.messages + kept.acts);
  CHECK(kept.dropped == 0);
  const VirtualReport again = see(model, settings, network_of([](NetworkConfig& config) {
                                    config.loss = 0.25;
                                    config.resend = 3;
                                  }))
                                  .report;
  CHECK(again.events == again.messages + again.acts + again.resent);
  // Sent 1 / (1 - loss) times on average.
  CHECK(static_cast<double>(again.resent) == doctest::Approx(static_cast<double>(again.messages) / 3).epsilon(0.1));
  const VirtualReport lost = see(model, settings, network_of([](NetworkConfig& config) { config.loss = 0.25; })).report;
  CHECK(lost.events == lost.messages + lost.acts - lost.dropped);
  CHECK(static_cast<double>(lost.dropped) == doctest::Approx(static_cast<double>(lost.messages) / 4).epsilon(0.1));
}

TEST_CASE("links that lose for good come to rest, and are refused where a vertex would wait for ever") {
  const NetworkOptions lossy = network_of([](NetworkConfig& config) { config.loss = 0.5; });
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.rule = fixed_prediction<double>(1);
    settings.source = &data;
    settings.wake = Wake::eager;
    const auto executor = make_virtual_time_executor(model.graph, settings, lossy);
    run_trial(*executor, model.trial(LearnMode::update));
    settings.wake = Wake::gather;
    CHECK_THROWS_AS(make_virtual_time_executor(model.graph, settings, lossy), BadConfig);
    settings.pacing = Pacing::lockstep;
    settings.steps = 3;
    settings.wake = Wake::eager;
    CHECK_THROWS_WITH_AS(make_virtual_time_executor(model.graph, settings, lossy), doctest::Contains("network.resend"),
                         BadConfig);
  }
}

TEST_CASE("a message that never comes ends the run with the names of those who wait for it") {
  const RandomModel model = random_model(2);
  const RandomData<double> data(model.graph, 2);
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(0.5);
  settings.source = &data;
  NetworkOptions network;
  VertexId deaf = 0;
  network.lose = [&](VertexId receiver, MessageKind kind, Slot) {
    if (kind != MessageKind::feedback) return false;
    if (deaf == 0) deaf = receiver;
    return receiver == deaf;
  };
  for (const Pacing pacing : {Pacing::asynchronous, Pacing::lockstep}) {
    settings.pacing = pacing;
    settings.steps = 5;
    const auto executor = make_virtual_time_executor(model.graph, settings, network);
    try {
      run_trial(*executor, model.trial(LearnMode::update));
      FAIL("it ended");
    } catch (const InternalFault& fault) {
      const std::string text = fault.what();
      CHECK(text.find("vertex '" + (*model.graph)[deaf].name + "': relax") != std::string::npos);
      CHECK(text.find("waits for feedback from '") != std::string::npos);
    }
    deaf = 0;
  }
}

TEST_CASE("time is as the links and clocks say: flights, computing, slow clocks and queues add up on a chain") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(1);
  settings.source = &data;
  const auto ticks = [&](const std::function<void(NetworkConfig&)>& change) {
    return ticks_to_settle(model, settings, change);
  };
  // y acts at 0, b on its feedback, a on b's.
  CHECK(ticks([](NetworkConfig&) {}) == 2);
  CHECK(ticks([](NetworkConfig& config) { config.latency = "10"; }) == 20);
  CHECK(ticks([](NetworkConfig& config) { config.compute = "5"; }) == 5 + 1 + 5 + 1 + 5);
  CHECK(ticks([](NetworkConfig& config) { config.links = "from y to b: latency = 7"; }) == 7 + 1);
  // 4 float64 numbers at 2 bytes a tick, then the flight.
  CHECK(ticks([](NetworkConfig& config) { config.bandwidth = 2; }) == 16 + 1 + 16 + 1);
  CHECK(ticks([](NetworkConfig& config) { config.period = 10; }) == 20);
  CHECK(ticks([](NetworkConfig& config) {
          config.period = 10;
          config.clock = "0.5";
        }) == 40);
  CHECK(ticks([](NetworkConfig& config) {
          config.hosts = "0: x, a; 1: b, y";
          config.links = "from host 1 to host 0: latency = 30";
        }) == 31);
}

TEST_CASE("a lockstep step takes as long as its slowest neighbours: a flight down, a flight up and the act") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(0.5);
  settings.pacing = Pacing::lockstep;
  settings.steps = 10;
  settings.source = &data;
  const auto ticks = [&](const std::function<void(NetworkConfig&)>& change) {
    return ticks_to_settle(model, settings, change);
  };
  CHECK(ticks([](NetworkConfig&) {}) == 10 * 2);
  CHECK(ticks([](NetworkConfig& config) { config.latency = "10"; }) == 10 * 20);
  CHECK(ticks([](NetworkConfig& config) {
          config.latency = "10";
          config.compute = "3";
        }) == 10 * 23);
  CHECK(ticks([](NetworkConfig& config) { config.links = "from y to b: latency = 50"; }) == 10 * 51);
}

TEST_CASE("rules, hosts and times that cannot be are named") {
  const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 4))", "model.graph");
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(1);
  const auto refusal = [&](const std::function<void(NetworkConfig&)>& change) -> std::string {
    try {
      make_virtual_time_executor(graph, settings, network_of(change));
    } catch (const BadConfig& error) {
      return error.what();
    }
    return {};
  };
  const auto says = [&](const std::function<void(NetworkConfig&)>& change, const std::string& words) {
    CAPTURE(words);
    const std::string text = refusal(change);
    CAPTURE(text);
    CHECK(text.find(words) != std::string::npos);
  };
  CHECK(refusal([](NetworkConfig&) {}).empty());
  says([](NetworkConfig& config) { config.links = "from z to *: latency = 2"; }, "no vertex is named 'z'");
  says([](NetworkConfig& config) { config.links = "from host 1 to *: latency = 2"; }, "no vertex is on host 1");
  says([](NetworkConfig& config) { config.links = "from x to y: latency = fast"; }, "'latency = fast' is not possible");
  says([](NetworkConfig& config) { config.links = "from x to y: colour = 2"; }, "nothing that a link has");
  says([](NetworkConfig& config) { config.links = "from x: latency = 2"; }, "says no 'to'");
  says([](NetworkConfig& config) { config.links = "from x to y"; }, "has no ':'");
  says([](NetworkConfig& config) { config.links = "from x to y: loss = 1"; }, "not possible");
  says([](NetworkConfig& config) { config.hosts = "one: x"; }, "names no host");
  says([](NetworkConfig& config) { config.hosts = "1: h9"; }, "no vertex is named 'h9'");
  says([](NetworkConfig& config) { config.hosts = "1: x,"; }, "empty pattern");
  says([](NetworkConfig& config) { config.delay = 2; }, "network.delay");
}

TEST_CASE("under gather at rate 1 everything used was sent one flight before, and nothing newer is there") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 5);
  NodeSettings<double> settings;
  settings.rule = fixed_prediction<double>(1);
  settings.staleness = true;
  settings.source = &data;
  for (const Tick latency : {Tick{1}, Tick{7}, Tick{64}}) {
    CAPTURE(latency);
    const VirtualReport report = see(model, settings, network_of([&](NetworkConfig& config) {
                                       config.latency = std::to_string(latency);
                                       config.compute = "5";
                                     }))
                                     .report;
    // b acts on y's feedback, a on b's.
    TickAges expected{};
    expected[static_cast<std::size_t>(std::bit_width(latency))] = 2;
    CHECK(report.tick_ages == expected);
    CHECK(report.ages[0] == 2);
    CHECK(to_json(report).at("slot_ages_ticks").size() == static_cast<std::size_t>(std::bit_width(latency)) + 1);
  }
}

TEST_CASE("an overtaken message does not make what lies in its slot older, and every use has an age") {
  const RandomModel model = random_model(11, true);
  const RandomData<double> data(model.graph, 11);
  NodeSettings<double> settings = strictly(0.05, &data);
  settings.steps = 100;
  const VirtualReport report =
      see(model, settings, network_of([](NetworkConfig& config) { config.jitter = 100; })).report;
  CHECK(report.superseded > 0);
  std::uint64_t uses = 0;
  std::uint64_t in_ticks = 0;
  for (const std::uint64_t count : report.ages) uses += count;
  for (const std::uint64_t count : report.tick_ages) in_ticks += count;
  CHECK(uses == in_ticks);
  CHECK(report.tick_ages[0] == 0);
  // Nothing lies in a slot for much longer than the longest flight.
  for (std::size_t octave = 10; octave < report.tick_ages.size(); ++octave) CHECK(report.tick_ages[octave] == 0);
}
