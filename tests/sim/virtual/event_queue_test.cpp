#include "sim/virtual/event_queue.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "graph/random.hpp"

using namespace settle;

namespace {

Event event(Tick tick, EventKind kind, VertexId vertex, Slot slot, std::uint32_t version) {
  Event event;
  event.moment = Moment(tick, kind);
  event.vertex = vertex;
  event.slot = slot;
  event.version = version;
  return event;
}

}  // namespace

TEST_CASE("events order by tick, then arrivals before acts, then vertex, slot and version") {
  const std::vector<Event> ordered = {event(1, EventKind::act, 9, 0, 0),       event(2, EventKind::delivery, 3, 0, 5),
                                      event(2, EventKind::delivery, 3, 1, 4),  event(2, EventKind::delivery, 3, 1, 6),
                                      event(2, EventKind::delivery, 4, 0, 0),  event(2, EventKind::act, 0, 0, 0),
                                      event(3, EventKind::departure, 7, 0, 0), event(3, EventKind::delivery, 1, 0, 0)};
  for (std::size_t i = 0; i < ordered.size(); ++i)
    for (std::size_t k = 0; k < ordered.size(); ++k) {
      CHECK((ordered[i] < ordered[k]) == (i < k));
      CHECK((ordered[i] == ordered[k]) == (i == k));
    }
  CHECK(ordered[2].moment.tick() == 2);
  CHECK(ordered[0].moment.kind() == EventKind::act);
}

TEST_CASE("the queue hands out what was pushed before and meanwhile in the order of events, near and far ticks alike") {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    CAPTURE(seed);
    RandomStream random(seed, "events", "test");
    const std::uint64_t spread = std::uint64_t{1} << random.below(24);
    EventQueue queue;
    std::set<Event> expected;
    const auto push = [&](Tick tick, EventKind kind) {
      const Event next = event(tick, kind, static_cast<VertexId>(random.below(5)), static_cast<Slot>(random.below(3)),
                               static_cast<std::uint32_t>(random.next()));
      if (expected.insert(next).second) queue.push(next);
    };
    for (int round = 0; round < 3; ++round) {
      for (int k = 0; k < 200; ++k) push(random.below(spread), static_cast<EventKind>(random.below(3)));
      int more = 400;
      while (!expected.empty()) {
        REQUIRE(queue.size() == expected.size());
        const Event next = queue.pop();
        REQUIRE(next == *expected.begin());
        expected.erase(expected.begin());
        if (--more < 0) continue;
        if (next.moment.kind() != EventKind::act) push(next.moment.tick(), EventKind::act);
        push(next.moment.tick() + 1 + random.below(spread), EventKind::delivery);
      }
      CHECK(queue.empty());
    }
  }
}

TEST_CASE("the queue hands out crowded moments in the order of events, of few vertices and of many") {
  for (const std::uint64_t vertices : {1UL, 7UL, 1000UL, 4'000'000UL}) {
    CAPTURE(vertices);
    RandomStream random(vertices, "events", "test");
    EventQueue queue;
    std::vector<Event> expected;
    for (std::uint32_t k = 0; k < 20'000; ++k) {
      expected.push_back(event(random.below(3), EventKind::delivery, static_cast<VertexId>(random.below(vertices)),
                               static_cast<Slot>(random.below(3)), k));
      queue.push(expected.back());
    }
    std::ranges::sort(expected);
    for (const Event& next : expected) REQUIRE(queue.pop() == next);
    CHECK(queue.empty());
  }
}
