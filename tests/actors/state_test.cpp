#include "actors/state.hpp"

#include <doctest/doctest.h>

#include "actors/reference_executor.hpp"
#include "graph/error.hpp"
#include "tests/support/random_graph.hpp"
#include "tests/support/runs.hpp"

using namespace settle;
using namespace settle::test;

TEST_CASE("after saving and restoring, learning goes on to the last bit, for every optimizer and in another executor") {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const RandomModel model = random_model(seed);
    const RandomData<float> data(model.graph, seed);
    NodeSettings<float> settings;
    settings.optimizer = optimizer_for(seed);
    settings.source = &data;
    const auto executor = make_reference_executor(model.graph, settings);
    const auto three = [&](Executor<float>& by) {
      for (std::uint64_t number = 5; number < 8; ++number) run_trial(by, model.trial(LearnMode::update, number));
      return by.save();
    };
    for (std::uint64_t number = 0; number < 3; ++number) run_trial(*executor, model.trial(LearnMode::update, number));
    const State<float> saved = executor->save();
    const State<float> expected = three(*executor);
    CAPTURE(seed);
    CAPTURE(model.text);
    const auto same = [&](const State<float>& state) {
      REQUIRE(state.size() == expected.size());
      bool moved = false;
      for (const auto& entry : expected) {
        const auto& name = entry.first;
        const auto& tensor = entry.second;
        CAPTURE(name);
        CHECK(same_bits(state.at(name), tensor));
        moved = moved || !same_bits(saved.at(name), tensor);
      }
      CHECK(moved);
    };
    executor->restore(saved, false);
    same(three(*executor));
    settings.seed = 99;
    const auto other = make_reference_executor(model.graph, settings);
    other->restore(saved, false);
    same(three(*other));
  }
}

TEST_CASE(
    "a state that lacks an entry or has one of another shape is refused by name, and a partial one need not be whole") {
  const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 3))", "m.graph");
  NodeSettings<double> settings;
  settings.optimizer.kind = OptimizerKind::adam;
  const auto executor = make_reference_executor(graph, settings);
  const State<double> whole = executor->save();
  CHECK(whole.size() == 8);
  CHECK(whole.contains("y.weight/adam_mean"));
  CHECK(whole.contains("y.bias/steps"));

  State<double> lacking = whole;
  lacking.erase("y.bias/adam_square");
  CHECK_THROWS_WITH_AS(executor->restore(lacking, false), "the saved state has no 'y.bias/adam_square'", BadData);
  lacking.at("y.weight").fill(7);
  executor->restore(lacking, true);
  CHECK(executor->save().at("y.weight").flat()[5] == 7);

  State<double> misshapen = whole;
  misshapen["y.weight"] = Tensor<double>({2, 3});
  CHECK_THROWS_WITH_AS(executor->restore(misshapen, true), "'y.weight' has shape [2, 3], the model needs [3, 2]",
                       BadData);
}

TEST_CASE("a restored state does not share memory with the executor") {
  const GraphPtr graph = parse_graph("x ~ input(1)\ny ~ normal(linear(x, 1))", "m.graph");
  const auto executor = make_reference_executor(graph, NodeSettings<double>{});
  State<double> state = executor->save();
  executor->restore(state, false);
  state.at("y.weight").fill(5);
  CHECK(executor->save().at("y.weight").flat()[0] != 5);
}

TEST_CASE("of a state a vertex's own entries are copied, also where one name begins as another does") {
  const GraphPtr graph = parse_graph("x ~ input(2)\ny ~ normal(linear(x, 3))\nz ~ normal(linear(y, 1))", "m.graph");
  NodeSettings<double> settings;
  settings.optimizer.kind = OptimizerKind::adam;
  State<double> state = make_reference_executor(graph, settings)->save();
  state["y.weighty"] = state["y.weight2/steps"] = state["y"] = Tensor<double>(Shape{});
  State<double> part;
  copy_state((*graph)[1], state, part);
  CHECK(part.size() == 8);
  for (const auto& [name, tensor] : part) {
    CHECK((name.starts_with("y.weight") || name.starts_with("y.bias")));
    CHECK(same_bits(tensor, state.at(name)));
  }
  CHECK_FALSE(part.contains("y.weighty"));
  CHECK_FALSE(part.contains("y.weight2/steps"));
  copy_state((*graph)[2], state, part);
  CHECK(part.size() == 16);
}
