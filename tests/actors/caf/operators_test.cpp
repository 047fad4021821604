// Fixed prediction at rate 1 is backprop, to the last bit, through every operator of the list.
#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "tests/support/four_trials.hpp"
#include "tests/support/operator_graph.hpp"

using namespace settle;
using namespace settle::test;

namespace {

constexpr const char* kNothingToLearn = "no parameter has a gradient";

template <class Scalar>
bool nothing_to_learn(const Outcome<Scalar>& outcome) {
  for (const auto& gradients : outcome.gradients)
    for (const Tensor<Scalar>& gradient : gradients)
      if (std::ranges::any_of(gradient.flat(), [](Scalar x) { return x != 0; })) return false;
  return true;
}

// What relaxed fixed prediction on actors does otherwise than backprop; empty where it does the same.
template <class Scalar>
std::string deviation(const OperatorModel& from, Wake wake, unsigned threads) {
  const RandomModel& model = from.model;
  const OperatorData<Scalar> data(from);
  NodeSettings<Scalar> settings;
  settings.optimizer = optimizer_for(model.seed);
  settings.optimizer.learning_rate = 1e-5;  // parameters stay where the operators are smooth
  settings.seed = model.seed;
  settings.source = &data;
  const auto expected = four_trials(*make_reference_executor(model.graph, settings), model);
  if (nothing_to_learn(expected[0])) return kNothingToLearn;
  settings.rule = fixed_prediction<Scalar>(1);
  settings.wake = wake;
  const auto actual = four_trials(*make_caf_executor<Scalar>(model.graph, settings, {.threads = threads}), model);
  for (std::size_t t = 0; t < expected.size(); ++t) {
    if (expected[t].report.diverged) return (*model.graph)[*expected[t].report.diverged].name + " is not finite";
    if (actual[t].report.diverged) return "diverged on actors only";
    if (actual[t].report.unsettled != 0) return "not settled";
    const std::string difference = first_difference(*model.graph, actual[t], expected[t]);
    if (!difference.empty()) return difference + " of trial " + std::to_string(t);
  }
  return {};
}

template <class Scalar>
void check_families() {
  for (const OperatorFamily& family : operator_families()) {
    Cases cases;
    for (const GradientCase& gradient_case : family.gradient_cases) cases.push_back(&gradient_case);
    const OperatorModel model = operator_model(7, cases);
    CAPTURE(family.name);
    CAPTURE(model.model.text);
    CHECK(deviation<Scalar>(model, Wake::gather, 3) == "");
  }
}

template <class Scalar>
bool holds_on_random_graphs() {
  const Cases all = all_operator_cases();
  return rc::check("random graphs of all operators", [&all] {
    const auto picks = *rc::gen::container<std::vector<std::size_t>>(8, rc::gen::inRange<std::size_t>(0, all.size()));
    Cases cases;
    for (const std::size_t pick : picks) cases.push_back(all[pick]);
    const OperatorModel model = operator_model(*rc::gen::inRange<std::uint64_t>(0, 1'000'000), cases);
    const Wake wake = *rc::gen::element(Wake::gather, Wake::eager);
    const unsigned threads = *rc::gen::element(1U, 2U, 4U);
    RC_LOG() << model.model.text << threads << " threads" << (wake == Wake::eager ? ", eager" : "") << "\n";
    const std::string found = deviation<Scalar>(model, wake, threads);
    if (found == kNothingToLearn) RC_DISCARD("a draw in which no gradient reaches a parameter");
    RC_ASSERT(found == "");
  });
}

}  // namespace

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit through every operator, float32") {
  check_families<float>();
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit through every operator, float64") {
  check_families<double>();
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit on random graphs of all operators, float32") {
  CHECK(holds_on_random_graphs<float>());
}

TEST_CASE("fixed prediction at rate 1 is backprop to the last bit on random graphs of all operators, float64") {
  CHECK(holds_on_random_graphs<double>());
}
