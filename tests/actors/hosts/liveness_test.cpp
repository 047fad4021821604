// Who is silent is told once, who is dead once, and nobody is blamed for a time in which the watcher itself was away.
#include "actors/hosts/liveness.hpp"

#include <doctest/doctest.h>

#include <future>

#include "actors/hosts/liveness_watch.hpp"
#include "graph/random.hpp"

using namespace settle;
using namespace std::chrono_literals;

namespace {

using Kind = LivenessEvent::Kind;

// Looks every 250 ms at hosts whose hearts beat, but for those that are stopped.
class Watcher {
 public:
  explicit Watcher(std::vector<HostId> hosts) {
    for (const HostId host : hosts) heard_[host] = now_;
  }
  std::vector<LivenessEvent> pass(std::chrono::milliseconds time, const std::vector<HostId>& stopped = {}) {
    std::vector<LivenessEvent> events;
    for (const auto end = now_ + time; now_ < end;) {
      now_ += 250ms;
      beat(stopped);
      for (const LivenessEvent& event : liveness_.look(heard_, now_)) events.push_back(event);
    }
    return events;
  }
  // The watcher itself does not run: nothing is heard meanwhile.
  void sleep(std::chrono::milliseconds time) { now_ += time; }
  void beat(const std::vector<HostId>& stopped = {}) {
    for (auto& [host, time] : heard_)
      if (std::ranges::find(stopped, host) == stopped.end()) time = now_;
  }
  std::vector<LivenessEvent> look() { return liveness_.look(heard_, now_); }
  void forget(HostId host) { heard_.erase(host); }
  void join(HostId host) { heard_[host] = now_; }

 private:
  WireTime now_{1000s};
  std::map<HostId, WireTime> heard_;
  Liveness liveness_{LivenessSettings{}};
};

using Events = std::vector<LivenessEvent>;

}  // namespace

TEST_CASE("liveness: a host that goes silent is told after two seconds and for dead after ten, once each") {
  Watcher watcher({1, 2});
  CHECK(watcher.pass(5s) == Events{});
  CHECK(watcher.pass(1750ms, {2}) == Events{});
  CHECK(watcher.pass(250ms, {2}) == Events{{Kind::silent, 2, 2000ms}});
  CHECK(watcher.pass(7750ms, {2}) == Events{});
  CHECK(watcher.pass(250ms, {2}) == Events{{Kind::dead, 2, 10'000ms}});
  CHECK(watcher.pass(60s, {2}) == Events{});
}

TEST_CASE("liveness: a host that is heard again is back, with how long it was silent, and a new silence counts anew") {
  Watcher watcher({1, 2});
  watcher.pass(1s);
  CHECK(watcher.pass(3s, {1}) == Events{{Kind::silent, 1, 2000ms}});
  CHECK(watcher.pass(1s) == Events{{Kind::back, 1, 3250ms}});
  CHECK(watcher.pass(11s, {1}) == Events{{Kind::silent, 1, 2000ms}, {Kind::dead, 1, 10'000ms}});
  CHECK(watcher.pass(1s) == Events{{Kind::back, 1, 11'250ms}});
}

TEST_CASE("liveness: nobody is blamed for a time in which the watcher was stopped, and each gets all the time again") {
  Watcher watcher({1, 2});
  watcher.pass(1s);
  watcher.sleep(1h);
  CHECK(watcher.look() == Events{});  // before anything that came meanwhile was read
  CHECK(watcher.pass(1750ms, {2}) == Events{});
  CHECK(watcher.pass(250ms, {2}) == Events{{Kind::silent, 2, 2000ms}});
  watcher.sleep(1h);
  CHECK(watcher.look() == Events{});  // it is known to be silent, but is not dead for our absence
  CHECK(watcher.pass(9750ms, {2}) == Events{});
  CHECK(watcher.pass(250ms, {2}) == Events{{Kind::dead, 2, 10'000ms}});
}

TEST_CASE("liveness: who has left is watched no more, and who takes its number starts anew") {
  Watcher watcher({1});
  watcher.pass(1s);
  watcher.pass(3s, {1});
  watcher.forget(1);
  CHECK(watcher.pass(20s) == Events{});
  watcher.join(1);
  CHECK(watcher.pass(1750ms, {1}) == Events{});
  CHECK(watcher.pass(500ms, {1}).size() == 1);
}

TEST_CASE("liveness: whatever hosts and watcher do, each event is due and none is missed") {
  const LivenessSettings settings;
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "liveness", "test");
    Liveness liveness(settings);
    constexpr HostId kHosts = 4;
    std::map<HostId, WireTime> heard;
    std::map<HostId, std::vector<Kind>> told;  // of the present silence
    std::map<HostId, WireTime> stopped_until;
    WireTime now{5000s};
    WireTime present_since = now;  // the watcher's looks have come in time from here on
    for (HostId host = 0; host < kHosts; ++host) heard[host] = now;
    for (int look = 0; look < 300; ++look) {
      const bool away = random.below(60) == 0;
      const auto pause = std::chrono::milliseconds(away ? 1001 + random.below(20'000) : 200 + random.below(300));
      now += pause;
      if (away || look == 0) present_since = now;
      std::map<HostId, bool> beats;
      for (auto& [host, time] : heard) {
        if (random.below(40) == 0) stopped_until[host] = now + std::chrono::milliseconds(random.below(15'000));
        beats[host] = now >= stopped_until[host] && !away;
        if (beats[host]) time = now;
      }
      std::map<HostId, std::vector<Kind>> events;
      for (const LivenessEvent& event : liveness.look(heard, now)) events[event.host].push_back(event.kind);
      for (HostId host = 0; host < kHosts; ++host) {
        CAPTURE(host);
        CAPTURE(look);
        std::vector<Kind>& before = told[host];
        std::vector<Kind> due;
        if (beats[host]) {
          if (!before.empty()) due.push_back(Kind::back);
          before.clear();
        } else {
          const auto silence = now - std::max(heard[host], present_since);
          if (silence >= settings.silent_after && before.empty()) due.push_back(Kind::silent);
          before.insert(before.end(), due.begin(), due.end());
          if (silence >= settings.dead_after && before.size() == 1) {
            due.push_back(Kind::dead);
            before.push_back(Kind::dead);
          }
        }
        CHECK(events[host] == due);
      }
    }
  }
}

TEST_CASE("liveness: an event reads as a sentence") {
  CHECK(text_of({Kind::silent, 2, 2310ms}) == "host 2 is silent for 2.3 s");
  CHECK(text_of({Kind::back, 2, 4000ms}) == "host 2 is back after a silence of 4.0 s");
  CHECK(text_of({Kind::dead, 7, 10'049ms}) == "host 7 is taken for dead after a silence of 10.0 s");
}

TEST_CASE("liveness: the watch tells of a silent host on its own thread, and its end waits for no look") {
  std::promise<LivenessEvent> told;
  {
    LivenessWatch watch(
        {.silent_after = 100ms, .dead_after = 1h, .look_every = 10ms},
        [] {
          return std::map<HostId, WireTime>{{3, WireTime{}}};
        },
        [&](const LivenessEvent& event) { told.set_value(event); });
    const LivenessEvent event = told.get_future().get();
    CHECK(event.kind == Kind::silent);
    CHECK(event.host == 3);
  }
  const LivenessWatch idle(
      {.look_every = 24h}, [] { return std::map<HostId, WireTime>{}; }, [](const auto&) {});
}
