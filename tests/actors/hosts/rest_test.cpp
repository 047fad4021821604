#include "actors/hosts/rest.hpp"

#include <doctest/doctest.h>

#include <deque>

#include "graph/random.hpp"

using namespace settle;

namespace {

// Hosts that send each other messages at random until they have had enough; what they tell the coordinator, and what it
// asks, is under way for as long as chance will have it.
class Simulation {
 public:
  Simulation(HostId hosts, std::uint64_t seed)
      : random_(seed, "rest", "test"), detector_(hosts), states_(hosts), left_(3 * hosts) {
    detector_.begin();
    states_.front().busy = true;
    for (HostId host = 1; host < hosts; ++host) tell_idle(host);
  }

  // One event. False once the detector is at rest.
  bool step() {
    const HostId host = pick();
    State& state = states_[host];
    switch (random_.below(4)) {
      case 0:  // a message arrives
        if (state.inbox == 0) break;
        --state.inbox;
        ++state.counts.received;
        state.busy = true;
        break;
      case 1:  // a busy host sends, or comes to its end
        if (!state.busy) break;
        if (left_ > 0 && random_.below(2) == 0) {
          --left_;
          ++state.counts.sent;
          ++states_[pick()].inbox;
        } else {
          state.busy = false;
          tell_idle(host);
        }
        break;
      case 2:  // a question arrives
        if (state.waves.empty()) break;
        state.told.push_back({state.waves.front(), state.busy ? std::nullopt : std::optional(state.counts)});
        state.waves.pop_front();
        break;
      default:  // what it told arrives
        if (state.told.empty()) break;
        if (state.told.front().wave == 0)
          detector_.idle(host, *state.told.front().counts);
        else
          detector_.answer(host, state.told.front().wave, state.told.front().counts);
        state.told.pop_front();
        if (const auto wave = detector_.wave())
          for (State& each : states_) each.waves.push_back(*wave);
    }
    return !detector_.at_rest();
  }

  bool moving() const {
    return std::ranges::any_of(states_, [](const State& state) { return state.busy || state.inbox > 0; });
  }

 private:
  struct Told {
    std::uint64_t wave;  // 0: it is idle
    std::optional<HostCounts> counts;
  };
  struct State {
    bool busy = false;
    std::uint64_t inbox = 0;
    HostCounts counts;
    std::deque<std::uint64_t> waves;
    std::deque<Told> told;
  };

  HostId pick() { return static_cast<HostId>(random_.below(states_.size())); }
  void tell_idle(HostId host) { states_[host].told.push_back({0, states_[host].counts}); }

  RandomStream random_;
  RestDetector detector_;
  std::vector<State> states_;
  std::uint64_t left_;  // messages that may still be sent
};

}  // namespace

TEST_CASE("rest: it is found, and never while a host is busy or a message is under way, in 2000 random runs") {
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    CAPTURE(seed);
    Simulation simulation(1 + static_cast<HostId>(seed % 6), seed);
    std::uint64_t steps = 0;
    while (simulation.step() && steps < 100000) ++steps;
    CHECK(steps < 100000);
    CHECK_FALSE(simulation.moving());
  }
}

TEST_CASE("rest: sums that agree by chance are no rest, for the wave finds a host that has moved") {
  RestDetector detector(2);
  detector.begin();
  detector.idle(0, {1, 0});  // has sent one, and was idle before it received two from host 1
  detector.idle(1, {2, 3});
  const auto wave = detector.wave();
  REQUIRE(wave);
  detector.answer(1, *wave, HostCounts{2, 3});
  detector.answer(0, *wave, HostCounts{3, 2});
  CHECK_FALSE(detector.at_rest());
  const auto again = detector.wave();
  REQUIRE(again);
  CHECK(*again != *wave);
  detector.answer(0, *wave, HostCounts{1, 0});  // late, to the first wave
  detector.answer(0, *again, HostCounts{3, 2});
  detector.answer(1, *again, HostCounts{2, 3});
  CHECK(detector.at_rest());
}

TEST_CASE("rest: a phase begins with every host busy, whatever was known before") {
  RestDetector detector(1);
  detector.begin();
  detector.idle(0, {});
  detector.answer(0, *detector.wave(), HostCounts{});
  CHECK(detector.at_rest());
  detector.begin();
  CHECK_FALSE(detector.at_rest());
  CHECK_FALSE(detector.wave());
}
