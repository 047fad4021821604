// Timelines of actors and of virtual time: what is written is a sound trace of what happened.
#include "sim/timeline_file.hpp"

#include <doctest/doctest.h>

#include "actors/caf/caf_executor.hpp"
#include "sim/virtual/virtual_time_executor.hpp"
#include "tests/sim/failing_file_system.hpp"
#include "tests/sim/virtual/link_models.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"
#include "tests/support/trace_events.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr std::size_t kPlenty = 1'000'000;

NodeSettings<double> settings_of(const RulePtr<double>& rule, Pacing pacing, const ClampSource<double>& data) {
  NodeSettings<double> settings;
  settings.rule = rule;
  settings.pacing = pacing;
  settings.wake = pacing == Pacing::asynchronous && rule->memoryless() ? Wake::gather : Wake::eager;
  settings.steps = 8;
  settings.tolerance = 1e-6;
  settings.source = &data;
  return settings;
}

// Two trials of it, as they are written.
std::string written(Executor<double>& executor, const RandomModel& model, TimelineLanes lanes,
                    std::size_t most = kPlenty) {
  Timeline timeline(most);
  executor.record(&timeline);
  for (std::uint64_t number = 0; number < 2; ++number) run_trial(executor, model.trial(LearnMode::update, number));
  executor.record(nullptr);
  run_trial(executor, model.trial(LearnMode::update, 2));
  const Scratch scratch;
  write_timeline(timeline, *model.graph, lanes, scratch / "timeline.json");
  return get(scratch / "timeline.json");
}

std::uint64_t acts_in(const TraceEvents& trace) {
  std::uint64_t acts = 0;
  for (const TraceSlice& slice : trace.of("relax")) acts += slice.arguments.at("acts").get<std::uint64_t>();
  return acts;
}

struct Case {
  RulePtr<double> rule;
  Pacing pacing;
};
std::vector<Case> cases() {
  return {{fixed_prediction<double>(1), Pacing::asynchronous},
          {fixed_prediction<double>(0.5), Pacing::lockstep},
          {strict<double>(0.1), Pacing::asynchronous},
          {strict<double>(0.1), Pacing::lockstep}};
}

}  // namespace

TEST_CASE("a timeline of actors nests on each thread, joins what was sent to what it made act, and counts all acts") {
  for (std::uint64_t seed = 0; seed < 5; ++seed)
    for (const Case& each : cases()) {
      const RandomModel model = random_model(seed, true);
      const RandomData<double> data(model.graph, seed);
      CAPTURE(seed);
      CAPTURE(each.rule->name());
      CAPTURE(static_cast<int>(each.pacing));
      const auto executor =
          make_caf_executor<double>(model.graph, settings_of(each.rule, each.pacing, data), {.threads = 2});
      Timeline timeline(kPlenty);
      executor->record(&timeline);
      const TrialReport<double> report = run_trial(*executor, model.trial(LearnMode::update));
      const Scratch scratch;
      write_timeline(timeline, *model.graph, TimelineLanes::threads, scratch / "t");
      TraceEvents trace(get(scratch / "t"));
      CHECK(trace.fault() == "");
      CHECK(acts_in(trace) == report.acts);
      CHECK(trace.of("phases").size() == 4);
      CHECK(trace.of("predict").size() >= model.graph->size());
      CHECK(trace.begins.size() <= report.messages);
      CHECK(trace.begins.size() >= report.messages / 2);
      REQUIRE(!trace.counts.empty());
      CHECK(trace.counts.back().second == 0);
      CHECK_FALSE(trace.about().contains("left out"));
    }
}

TEST_CASE(
    "a timeline of virtual time is sound under every link model, the same bytes on repeats, and changes nothing") {
  for (const Case& each : cases())
    for (const NamedNetwork& network : link_models()) {
      const RandomModel model = random_model(11, true);
      const RandomData<double> data(model.graph, 11);
      CAPTURE(each.rule->name());
      CAPTURE(static_cast<int>(each.pacing));
      CAPTURE(network.name);
      const NodeSettings<double> settings = settings_of(each.rule, each.pacing, data);
      const auto watched = make_virtual_time_executor(model.graph, settings, network.options);
      const std::string text = written(*watched, model, TimelineLanes::vertices);
      CHECK(text == written(*make_virtual_time_executor(model.graph, settings, network.options), model,
                            TimelineLanes::vertices));
      TraceEvents trace(text);
      CHECK(trace.fault() == "");
      CHECK(trace.of("phases").size() == 8);
      CHECK(trace.counts.back().second == 0);

      const auto alone = make_virtual_time_executor(model.graph, settings, network.options);
      std::uint64_t acts = 0;
      for (std::uint64_t number = 0; number < 3; ++number) {
        const TrialReport<double> report = run_trial(*alone, model.trial(LearnMode::update, number));
        if (number < 2) acts += report.acts;
      }
      CHECK(acts_in(trace) == acts);
      CHECK(alone->last() == watched->last());
      for (const auto& [name, tensor] : alone->save()) CHECK(same_bits(tensor, watched->save().at(name)));
    }
}

TEST_CASE("a timeline in virtual time puts acts and flights where the closed form says") {
  const std::string text = "x ~ input(2)\na ~ normal(linear(x, 2))\nb ~ normal(linear(a, 2))\ny ~ normal(linear(b, 2))";
  RandomModel model;
  model.graph = parse_graph(text, "chain.graph");
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{0, 3});
  const RandomData<double> data(model.graph, 1);
  NetworkConfig network;
  network.latency = "7";
  network.compute = "3";
  const auto executor = make_virtual_time_executor(
      model.graph, settings_of(fixed_prediction<double>(1), Pacing::asynchronous, data), network_options(network));
  Timeline timeline(kPlenty);
  executor->record(&timeline);
  run_trial(*executor, model.trial(LearnMode::none));
  REQUIRE(timeline.spans.size() >= 2);
  const Instant origin = timeline.spans.at(1).begin;
  std::vector<std::pair<VertexId, Instant>> begins;
  for (const Timeline::Work& work : timeline.works) {
    if (work.phase != Phase::relax) continue;
    begins.emplace_back(work.vertex, work.begin - origin);
    CHECK(work.end - work.begin == 3000);
  }
  // Each acts for 3 ticks, then its feedback flies 7.
  CHECK(begins == std::vector<std::pair<VertexId, Instant>>{{3, 0}, {2, 10'000}, {1, 20'000}});
}

TEST_CASE("what is lost for good is outstanding no longer, and no arrow leads from it") {
  const RandomModel model = random_model(3, true);
  const RandomData<double> data(model.graph, 3);
  NetworkConfig network;
  network.loss = 0.4;
  const auto executor = make_virtual_time_executor(
      model.graph, settings_of(strict<double>(0.1), Pacing::asynchronous, data), network_options(network));
  Timeline timeline(kPlenty);
  executor->record(&timeline);
  const TrialReport<double> report = run_trial(*executor, model.trial(LearnMode::update));
  const Scratch scratch;
  write_timeline(timeline, *model.graph, TimelineLanes::vertices, scratch / "t");
  TraceEvents trace(get(scratch / "t"));
  CHECK(trace.fault() == "");
  CHECK(trace.counts.back().second == 0);
  CHECK(executor->last().dropped > 0);
  CHECK(trace.begins.size() + executor->last().dropped <= report.messages);
}

TEST_CASE("a timeline without room keeps a sound beginning and says from when on it is not complete") {
  const RandomModel model = random_model(4, true);
  const RandomData<double> data(model.graph, 4);
  const NodeSettings<double> settings = settings_of(strict<double>(0.1), Pacing::asynchronous, data);
  for (const std::size_t most : {0U, 1U, 10U, 30U}) {
    CAPTURE(most);
    const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
    TraceEvents on_actors(written(*caf, model, TimelineLanes::threads, most));
    CHECK(on_actors.fault() == "");
    CHECK(on_actors.about().contains("left out"));
    const auto virtually = make_virtual_time_executor(model.graph, settings, {});
    TraceEvents in_virtual_time(written(*virtually, model, TimelineLanes::vertices, most));
    CHECK(in_virtual_time.fault() == "");
    CHECK(in_virtual_time.about().contains("left out"));
    std::size_t slices = 0;
    for (const char* phase : {"predict", "relax", "learn"}) slices += in_virtual_time.of(phase).size();
    CHECK(slices + in_virtual_time.begins.size() + in_virtual_time.counts.size() <= most);
    CHECK((most < 10 || slices > 0));
  }
}

TEST_CASE("a timeline begins at 0 on the host and lane it says, and one that cannot be written leaves nothing") {
  RandomModel model;
  model.graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 2))", "m.graph");
  Timeline timeline(10);
  timeline.spans.push_back({5, 2005, 0, Phase::idle});
  timeline.add(Timeline::Work{5, 1005, {3, 2}, 1, Phase::relax, 1, 0});
  const Scratch scratch;
  write_timeline(timeline, *model.graph, TimelineLanes::vertices, scratch / "t");
  const auto slices = TraceEvents(get(scratch / "t")).slices;
  const auto found = slices.find({3, 2});
  REQUIRE(found != slices.end());
  CHECK(found->second.front().name == "y");
  CHECK(found->second.front().begin == 0);
  CHECK(found->second.front().end == 1000);
  CHECK(thrown_by([&] {
          write_timeline(timeline, *model.graph, TimelineLanes::vertices, scratch / "nowhere" / "t");
        }).starts_with("73: "));
  CHECK(names_in(scratch.path()) == std::vector<std::string>{"t"});
}
