// probe.timeline, probe.vertices and what probe.staleness says of virtual time, from the command line.
#include <doctest/doctest.h>

#include "tests/support/trace_events.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

using test::TraceEvents;

std::vector<std::string> trials_in(const TraceEvents& trace) {
  std::vector<std::string> names;
  for (const test::TraceSlice& slice : trace.of("phases"))
    if (slice.name.starts_with("trial ")) names.push_back(slice.name);
  return names;
}

}  // namespace

TEST_CASE("a run writes the timeline of the trials asked for, on actors and in virtual time, and learns the same") {
  const TrainingFolder folder;
  const std::string plain = folder.sha256("plain", {"--learn.epochs=1"});
  for (const std::string executor : {"caf", "virtual"}) {
    CAPTURE(executor);
    const std::vector<std::string> settings = {"--learn.epochs=1", "--run.executor=" + executor,
                                               "--probe.timeline=3..6"};
    CHECK(folder.sha256(executor, settings) == plain);
    TraceEvents trace(get(folder.directory(executor) / "timeline.json"));
    CHECK(trace.fault() == "");
    CHECK(trials_in(trace) == std::vector<std::string>{"trial 3", "trial 4", "trial 5", "trial 6"});
  }
  CHECK_FALSE(std::filesystem::exists(folder.directory("plain") / "timeline.json"));
}

TEST_CASE("a timeline ends where the run ends, and a resumed run writes the trials that were left beside it") {
  const TrainingFolder folder;
  folder.trained("parts", {"--learn.max_trials=4", "--probe.timeline=9"});
  CHECK(trials_in(TraceEvents(get(folder.directory("parts") / "timeline.json"))).size() == 4);
  const ProcessResult more = folder.run("parts", {"--learn.max_trials=7", "--probe.timeline=9"});
  CHECK(has(more.err, "timeline of trials 5 to 7"));
  CHECK(trials_in(TraceEvents(get(folder.directory("parts") / "timeline.json"))).size() == 4);
  CHECK(trials_in(TraceEvents(get(folder.directory("parts") / "timeline_from_5.json"))).size() == 3);
}

TEST_CASE("acts and messages of each vertex are recorded where asked for, and add up to the trial's") {
  const TrainingFolder folder;
  for (const std::string executor : {"caf", "virtual"}) {
    folder.trained(executor, {"--learn.epochs=1", "--run.executor=" + executor, "--probe.vertices=5"});
    const auto rows = folder.metrics(executor, {"vertices"});
    REQUIRE(rows.size() == 2);
    CHECK(rows[1].at("trial") == 10);
    CHECK(rows[1].at("vertices").size() == 4);
    std::map<std::string, std::uint64_t> sums;
    for (const auto& vertex : rows[1].at("vertices"))
      for (const std::string key : {"acts", "messages", "bytes"}) sums[key] += vertex.at(key).get<std::uint64_t>();
    // Three edges carry a value each and two of them feedback; every computed vertex acts once.
    CHECK(sums["acts"] == 3);
    CHECK(sums["messages"] == 5);
    CHECK(sums["bytes"] == 16 * 4 * (64 + 12 + 8 + 12 + 8));
    CHECK(has(get(folder.directory(executor) / "report.html"), "id=\"acts_per_vertex\""));
  }
}

TEST_CASE("in virtual time staleness rows say what became of the trial's messages") {
  const TrainingFolder folder;
  folder.trained("lossy", {"--learn.max_trials=6", "--run.executor=virtual", "--network.latency=5",
                           "--network.loss=0.3", "--network.resend=4", "--network.jitter=9", "--rule.name=strict",
                           "--relax.value_rate=0.05", "--relax.steps=20", "--probe.staleness=3"});
  const auto rows = folder.metrics("lossy", {"staleness"});
  REQUIRE(rows.size() == 2);
  const nlohmann::json& report = rows[0].at("virtual_time");
  for (const std::string key : {"virtual_ticks", "events", "messages", "bytes", "acts", "resent", "superseded"}) {
    CAPTURE(key);
    CHECK(report.at(key) > 0);
  }
  CHECK(report.at("dropped") == 0);
  CHECK(report.at("slot_ages_ticks").size() > 3);
  CHECK(has(get(folder.directory("lossy") / "report.html"), "id=\"staleness_ticks\""));
}

TEST_CASE("a timeline that is no range, or of what has no actors, is refused before anything is made") {
  const TrainingFolder folder;
  for (const std::string wrong : {"few", "-1", "0..4", "5..4", "1..", "..3", "1..2..3"}) {
    CAPTURE(wrong);
    const ProcessResult result = folder.run("wrong", {"--probe.timeline=" + wrong});
    CHECK(result.exit_code == 78);
    CHECK(has(result.err, "FIRST..LAST"));
  }
  for (const std::string of : {"--rule.name=backprop", "--run.executor=reference"})
    for (const std::string key : {"timeline", "vertices"}) {
      const ProcessResult result =
          folder.run("wrong", {of, "--probe." + key + "=2", "--relax.steps=3", "--relax.pacing=lockstep"});
      CHECK(result.exit_code == 78);
      CHECK(has(result.err, "probe." + key));
    }
  CHECK_FALSE(std::filesystem::exists(folder.directory("wrong")));
}

}  // namespace settle
