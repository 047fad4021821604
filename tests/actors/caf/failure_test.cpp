// What must not pass in silence: lost messages, numbers that are none, runaway values, failing data; and clean ends.
#include <doctest/doctest.h>

#include <atomic>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "actors/caf/caf_executor.hpp"
#include "graph/error.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

namespace {

// x -> h -> g -> y and the shared offset p of h and g.
RandomModel chain() {
  RandomModel model;
  model.graph = parse_graph(R"(
x ~ input(3)
p ~ parameter(3, init=0.1)
h ~ normal(tanh(linear(x, 3)) + p)
g ~ normal(tanh(linear(h, 3)) + p)
y ~ normal(linear(g, 2))
)",
                            "chain.graph");
  const auto id = [&](const char* name) { return model.graph->find(name).value(); };
  model.clamped = clamp_set(*model.graph, std::vector<VertexId>{id("x"), id("y")});
  model.batch = 2;
  return model;
}

NodeSettings<double> settings_for(const ClampSource<double>& data, RulePtr<double> rule, Pacing pacing, Wake wake) {
  NodeSettings<double> settings;
  settings.rule = std::move(rule);
  settings.pacing = pacing;
  settings.wake = wake;
  settings.source = &data;
  settings.tolerance = settings.rule->memoryless() ? 0 : 1e-12;
  if (pacing == Pacing::lockstep) settings.steps = 5;
  return settings;
}

// Loses the first message of that phase and kind to `receiver`, and hands back what the hang reporter said.
std::string report_of_loss(const NodeSettings<double>& settings, Phase phase, MessageKind kind,
                           const std::string& receiver, std::uint32_t version = 0) {
  const RandomModel model = chain();
  const VertexId id = model.graph->find(receiver).value();
  std::atomic<bool> lost{false};
  std::string report;
  CafOptions<double> options;
  options.threads = 2;
  options.hang_after = std::chrono::milliseconds(100);
  options.on_hang = [&](const std::string& text) {
    report = text;
    return true;
  };
  options.lose = [&](VertexId to, const Message<double>& message) {
    return to == id && message.stamp.phase == phase && message.kind == kind && message.version == version &&
           message.slot == 0 && !lost.exchange(true);
  };
  const auto caf = make_caf_executor<double>(model.graph, settings, options);
  std::string thrown;
  try {
    run_trial(*caf, model.trial(LearnMode::update));
  } catch (const InternalFault& fault) {
    thrown = fault.what();
  }
  CHECK(lost);
  CHECK(thrown == report);
  CHECK_THROWS_AS(run_trial(*caf, model.trial(LearnMode::update)), InternalFault);
  return report;
}

void check_contains(const std::string& report, const std::string& part) {
  CAPTURE(report);
  CAPTURE(part);
  CHECK(report.find(part) != std::string::npos);
}

// Data in which one element of one vertex is `bad`.
class SpoiltData final : public ClampSource<double> {
 public:
  SpoiltData(GraphPtr graph, std::string vertex, double bad)
      : graph_(graph), good_(graph, 1), vertex_(std::move(vertex)), bad_(bad) {}
  void read(VertexId id, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
    good_.read(id, samples, out);
    if ((*graph_)[id].name == vertex_) out.data()[1] = bad_;
  }

 private:
  GraphPtr graph_;
  RandomData<double> good_;
  std::string vertex_;
  double bad_;
};

std::vector<NodeSettings<double>> all_settings(const ClampSource<double>& data) {
  std::vector<NodeSettings<double>> list;
  for (const RulePtr<double>& rule :
       {fixed_prediction<double>(1), fixed_prediction<double>(0.5), strict<double>(0.1)}) {
    list.push_back(settings_for(data, rule, Pacing::lockstep, Wake::gather));
    list.push_back(settings_for(data, rule, Pacing::asynchronous, Wake::gather));
    list.push_back(settings_for(data, rule, Pacing::asynchronous, Wake::eager));
  }
  return list;
}

}  // namespace

TEST_CASE("a message lost in predict is reported with the vertex that waits, its phase and the slot") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  const auto settings = settings_for(data, fixed_prediction<double>(1), Pacing::asynchronous, Wake::gather);
  const std::string report = report_of_loss(settings, Phase::predict, MessageKind::value, "g");
  check_contains(report, "no message was handled for 100 ms; outstanding: 1");
  check_contains(report, "\n  vertex 'g': predict, waits for value from 'h' (slot 0)");
  check_contains(report, "\n  vertex 'y': predict, waits for value from 'g' (slot 0)");
}

TEST_CASE("a message lost in relax is reported with the vertex that waits, its step and the slot, in every pacing") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  const auto rule = fixed_prediction<double>(1);
  check_contains(report_of_loss(settings_for(data, rule, Pacing::asynchronous, Wake::gather), Phase::relax,
                                MessageKind::feedback, "g"),
                 "\n  vertex 'g': relax, waits for feedback from 'y' (slot 0)");
  check_contains(report_of_loss(settings_for(data, rule, Pacing::asynchronous, Wake::eager), Phase::relax,
                                MessageKind::feedback, "g"),
                 "\n  vertex 'g': relax, waits for feedback from 'y' (slot 0)");
  check_contains(report_of_loss(settings_for(data, rule, Pacing::lockstep, Wake::gather), Phase::relax,
                                MessageKind::feedback, "h", 2),
                 "\n  vertex 'h': relax step 2, waits for feedback from 'g' (slot 0)");
  check_contains(report_of_loss(settings_for(data, strict<double>(0.1), Pacing::lockstep, Wake::gather), Phase::relax,
                                MessageKind::value, "y", 3),
                 "\n  vertex 'y': relax step 3, waits for value from 'g' (slot 0)");
}

TEST_CASE("a message lost in learn is reported with the parameter that waits and the slot") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  const auto settings = settings_for(data, fixed_prediction<double>(1), Pacing::asynchronous, Wake::gather);
  const std::string report = report_of_loss(settings, Phase::learn, MessageKind::feedback, "p");
  check_contains(report, "\n  vertex 'p': learn, waits for feedback from '");
}

TEST_CASE(
    "a NaN or an infinity in the data ends the relaxation, names the first vertex it spoils and spoils no parameter") {
  const RandomModel model = chain();
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()})
    for (const char* where : {"x", "y"}) {
      const SpoiltData data(model.graph, where, bad);
      for (const NodeSettings<double>& settings : all_settings(data)) {
        const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
        const State<double> before = caf->save();
        const TrialReport<double> report = run_trial(*caf, model.trial(LearnMode::update));
        CAPTURE(bad);
        CAPTURE(std::string(where));
        CAPTURE(std::string(settings.rule->name()));
        REQUIRE(report.diverged);
        CHECK(*report.diverged <= model.graph->find(where).value());
        if (*where == 'x') CHECK((*model.graph)[*report.diverged].name == "x");
        for (const auto& [name, tensor] : caf->save()) CHECK(same_bits(tensor, before.at(name)));
      }
    }
}

TEST_CASE("an infinite parameter is reported at the vertex it belongs to, and the others are left alone") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  for (const NodeSettings<double>& settings : all_settings(data)) {
    const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
    State<double> state = caf->save();
    state.at("y.weight").data()[0] = std::numeric_limits<double>::infinity();
    caf->restore(state, false);
    const TrialReport<double> report = run_trial(*caf, model.trial(LearnMode::update));
    CHECK(report.diverged);
    const State<double> after = caf->save();
    CHECK(same_bits(after.at("y.weight"), state.at("y.weight")));
    for (const auto& entry : after) {
      const auto& name = entry.first;
      const auto& tensor = entry.second;
      CAPTURE(name);
      if (name == "y.weight") continue;
      for (const double theta : tensor.flat()) CHECK(std::isfinite(theta));
    }
  }
}

TEST_CASE("a strict run at rate 10 is reported as diverged, in both pacings, and comes to its end") {
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  for (const Pacing pacing : {Pacing::lockstep, Pacing::asynchronous}) {
    NodeSettings<double> settings = settings_for(data, strict<double>(10), pacing, Wake::eager);
    settings.steps = 1000;
    const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
    const State<double> before = caf->save();
    const TrialReport<double> report = run_trial(*caf, model.trial(LearnMode::update));
    REQUIRE(report.diverged);
    CHECK((*model.graph)[*report.diverged].kind == VertexKind::computed);
    for (const auto& [name, tensor] : caf->save())
      if (name.starts_with((*model.graph)[*report.diverged].name + ".")) CHECK(same_bits(tensor, before.at(name)));
  }
}

TEST_CASE("what the data source throws ends the run with that error, and the next run goes on") {
  class Failing final : public ClampSource<double> {
   public:
    explicit Failing(GraphPtr graph) : good_(std::move(graph), 1) {}
    void read(VertexId id, std::span<const std::uint32_t> samples, Tensor<double>& out) const override {
      if (failing) throw BadData("row 7 is torn");
      good_.read(id, samples, out);
    }
    std::atomic<bool> failing{true};

   private:
    RandomData<double> good_;
  };
  const RandomModel model = chain();
  Failing data(model.graph);
  const auto settings = settings_for(data, fixed_prediction<double>(1), Pacing::asynchronous, Wake::gather);
  const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
  CHECK_THROWS_WITH_AS(run_trial(*caf, model.trial(LearnMode::update)), "row 7 is torn", BadData);
  data.failing = false;
  const TrialReport<double> report = run_trial(*caf, model.trial(LearnMode::update));
  CHECK(report.free_energy > 0);
}

TEST_CASE("what the feed throws ends the run with that error, and the next run goes on") {
  struct Feed final : TrialFeed<double> {
    std::shared_ptr<const Trial> next() override {
      if (given++ > 0) throw std::runtime_error("no more data");
      return trial;
    }
    void finished(const Trial&, const TrialReport<double>&) override { ++reports; }
    std::shared_ptr<const Trial> trial;
    int given = 0, reports = 0;
  } feed;
  const RandomModel model = chain();
  const RandomData<double> data(model.graph, 1);
  feed.trial = std::make_shared<const Trial>(model.trial(LearnMode::update));
  const auto settings = settings_for(data, fixed_prediction<double>(1), Pacing::asynchronous, Wake::gather);
  const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 2});
  CHECK_THROWS_WITH(caf->run(feed), "no more data");
  CHECK(feed.reports == 1);
  CHECK(run_trial(*caf, model.trial(LearnMode::update)).loss > 0);
}

TEST_CASE("executors come and go fifty times, with and without a run in between, and free every actor") {
  for (unsigned repetition = 0; repetition < 50; ++repetition) {
    const RandomModel model = chain();
    const RandomData<double> data(model.graph, 1);
    const auto settings = settings_for(data, fixed_prediction<double>(1), Pacing::asynchronous, Wake::gather);
    std::weak_ptr<const Graph> graph = model.graph;
    Payload<double> kept;
    {
      const auto caf = make_caf_executor<double>(model.graph, settings, {.threads = 1 + repetition % 4});
      if (repetition % 3 > 0) kept = run_trial(*caf, model.trial(LearnMode::update)).predictions[0];
    }
    CHECK(kept.use_count() == (repetition % 3 > 0 ? 1 : 0));
    CHECK(graph.use_count() == 2);  // the model's and the data's
  }
}
