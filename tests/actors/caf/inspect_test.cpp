// What vertices wait for, and how busy hosts are, can be asked at any time, of whoever is stuck, and disturbs nothing.
#include <doctest/doctest.h>

#include <future>

#include "actors/inspectable.hpp"
#include "graph/error.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/served_hosts.hpp"

using namespace settle;
using namespace settle::test;

namespace {

struct Chain {  // x -> h -> y
  GraphPtr graph = parse_graph("x ~ input(2)\nh ~ normal(tanh(linear(x, 3)))\ny ~ normal(linear(h, 1))\n", "model");
  RandomData<double> data{graph, 1};
  NodeSettings<double> settings;
  Trial trial;

  Chain() {
    settings.rule = fixed_prediction<double>(1);
    settings.source = &data;
    trial.samples = {0, 1};
    trial.clamped = clamp_set(*graph, std::vector<VertexId>{0, 2});
  }
};

const Inspectable& inspectable(const Executor<double>& executor) { return dynamic_cast<const Inspectable&>(executor); }

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

// Whoever reads the first sample stays inside until it is let go.
class StuckData final : public ClampSource<double> {
 public:
  explicit StuckData(const ClampSource<double>& data) : data_(data) {}
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
    if (vertex == 0) {
      if (!told_.exchange(true)) entered_.set_value();
      free_.wait();
    }
    data_.read(vertex, samples, out);
  }
  void wait_until_stuck() { entered_.get_future().wait(); }
  void let_go() { let_go_.set_value(); }

 private:
  const ClampSource<double>& data_;
  mutable std::atomic<bool> told_{false};
  mutable std::promise<void> entered_;
  std::promise<void> let_go_;
  std::shared_future<void> free_{let_go_.get_future()};
};

}  // namespace

TEST_CASE("inspect: while a run is stuck for a lost message, it says which vertex waits for whom") {
  Chain chain;
  std::string stacks;
  const Executor<double>* asked = nullptr;
  CafOptions<double> options;
  options.threads = 2;
  options.hang_after = std::chrono::milliseconds(50);
  options.lose = [](VertexId to, const Message<double>& message) {
    return to == 2 && message.stamp.phase == Phase::predict;
  };
  options.on_hang = [&](const std::string&) {
    stacks = joined(inspectable(*asked).stacks());
    return true;
  };
  const auto executor = make_caf_executor<double>(chain.graph, chain.settings, options);
  asked = executor.get();
  CHECK(inspectable(*executor).stacks() ==
        std::vector<std::string>{"host 0: idle, 3 vertices, outstanding: 0; none waits"});
  CHECK_THROWS_AS(run_trial(*executor, chain.trial), InternalFault);
  CHECK(stacks ==
        "host 0: predict, 3 vertices, outstanding: 1\n  vertex 'y': predict, waits for value from 'h' (slot 0)\n");
}

TEST_CASE("inspect: over hosts, it says who waits on each, and where a vertex is inside an act") {
  Chain chain;
  StuckData stuck(chain.data);
  chain.settings.source = &stuck;
  ServedHosts<double> run(chain.graph, chain.settings, {1, 1, 0}, 2, 1);
  std::future<void> done = std::async(std::launch::async, [&] { run_trial(run.executor(), chain.trial); });
  stuck.wait_until_stuck();
  const std::string stacks = joined(inspectable(run.executor()).stacks());
  const auto activity = inspectable(run.executor()).activity();
  stuck.let_go();
  done.get();
  CAPTURE(stacks);
  CHECK(
      stacks.starts_with("host 0: predict, 1 vertices, outstanding: 0\n"
                         "  vertex 'y': predict, waits for value from 'h' (slot 0)\n"
                         "host 1: predict, 2 vertices, outstanding: "));
  CHECK(stacks.ends_with(" did not answer: each is inside an act, or no thread is free\n"));
  REQUIRE(activity.size() == 2);
  CHECK(activity[1].answered);
  CHECK(activity[1].vertices == 2);
  CHECK(activity[1].phase == Phase::predict);
  CHECK(activity[1].outstanding > 0);
}

TEST_CASE("inspect: a host that does not answer, or is lost, is named and keeps nobody waiting") {
  Chain chain;
  MemoryNetwork<double> network(2);  // nobody serves host 1
  const auto executor = make_caf_executor<double>(chain.graph, chain.settings,
                                                  {.threads = 1, .role = {0, 2, {0, 1, 0}, &network.end(0)}});
  const auto check = [&] {
    const auto stacks = inspectable(*executor).stacks();
    REQUIRE(stacks.size() == 2);
    CHECK(stacks[1] == "host 1: does not answer");
    const auto activity = inspectable(*executor).activity();
    REQUIRE(activity.size() == 2);
    CHECK(activity[0].answered);
    CHECK_FALSE(activity[1].answered);
    CHECK(activity[1].host == 1);
  };
  check();
  network.lose(1, "host 1 is gone");
  check();
}

TEST_CASE("inspect: what each host does and carries is counted, and last heard is told of every other") {
  Chain chain;
  const auto before = std::chrono::steady_clock::now();
  ServedHosts<double, SocketNetwork> run(chain.graph, chain.settings, {0, 1, 2}, 3, 1);
  run_trial(run.executor(), chain.trial);
  std::vector<HostActivity> activity;
  const auto sum = [&](std::uint64_t PeerCounters::*count) {
    std::uint64_t total = 0;
    for (const HostActivity& each : activity) total += each.traffic.*count;
    return total;
  };
  do {  // counters are of a moment ago
    activity = inspectable(run.executor()).activity();
  } while (std::ranges::any_of(activity, [](const auto& each) { return each.traffic.bytes_sent == 0; }) ||
           sum(&PeerCounters::messages_sent) != sum(&PeerCounters::messages_received));
  REQUIRE(activity.size() == 3);
  CHECK(sum(&PeerCounters::messages_sent) > 0);
  for (HostId host = 0; host < 3; ++host) {
    CAPTURE(host);
    CHECK(activity[host].host == host);
    CHECK(activity[host].answered);
    CHECK(activity[host].vertices == (host == 1 ? 2 : 1));  // the clamped input has a replica beside its child
    CHECK(activity[host].handled > 0);
    CHECK(activity[host].traffic.credit > 0);
    CHECK(activity[host].traffic.last_heard > before);
  }
}

TEST_CASE("inspect: a run that is asked all the time ends in the same bits as one that is left alone") {
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    CAPTURE(seed);
    const RandomModel model = random_model(seed);
    const RandomData<double> data(model.graph, seed);
    NodeSettings<double> settings;
    settings.rule = strict<double>(0.1);
    settings.pacing = Pacing::lockstep;
    settings.steps = 20;
    settings.source = &data;
    const Placement placement = random_placement(*model.graph, 2, seed);
    const auto outcome = [&](bool asked) {
      ServedHosts<double> run(model.graph, settings, placement, 2, 2);
      std::jthread asker;
      if (asked)
        asker = std::jthread([&](const std::stop_token& stop) {
          while (!stop.stop_requested()) {
            CHECK_FALSE(inspectable(run.executor()).stacks().empty());
            CHECK(inspectable(run.executor()).activity().size() == 2);
          }
        });
      auto result = four_trials(run.executor(), model);
      asker = {};
      return result;
    };
    const auto alone = outcome(false);
    const auto asked = outcome(true);
    REQUIRE(asked.size() == alone.size());
    for (std::size_t t = 0; t < alone.size(); ++t) CHECK(first_difference(*model.graph, asked[t], alone[t]) == "");
  }
}
