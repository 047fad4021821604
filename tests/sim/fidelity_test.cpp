#include "sim/session/fidelity.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "actors/caf/caf_executor.hpp"
#include "actors/reference_executor.hpp"
#include "graph/closed_form.hpp"
#include "tests/sim/session_parts.hpp"

namespace settle {
namespace {

constexpr const char* kChain =
    "x ~ input(2)\n"
    "h4 ~ normal(tanh(linear(x, 3)))\n"
    "h3 ~ normal(tanh(linear(h4, 4)))\n"
    "h2 ~ normal(tanh(linear(h3, 3)))\n"
    "h1 ~ normal(tanh(linear(h2, 5)))\n"
    "y ~ normal(linear(h1, 1))\n";
constexpr const char* kRows = "0 1 : 1 ; 1 0 : -1 ; 0.5 0.3 : 0.2 ; -1 2 : 0";

RuleChoice lockstep(double rate, std::uint64_t steps) {
  RuleChoice choice;
  choice.pacing = Pacing::lockstep;
  choice.value_rate = rate;
  choice.steps = steps;
  return choice;
}

// How far `executor` got in one trial that also moved the parameters.
std::vector<VertexFidelity> probe(const Bench<double>& bench, Executor<double>& executor,
                                  const NodeSettings<double>& settings) {
  const Trial trial = bench.trial({3, 0, 2});
  const State<double> before = executor.save();
  run_trial<double>(executor, std::make_shared<Trial>(trial));
  return FidelityProbe<double>(bench.graph, settings).compare(executor, before, trial);
}

}  // namespace

TEST_CASE("on a chain in lockstep each vertex has received the share that the closed form says") {
  const Bench<double> bench(kChain, kRows);
  for (const std::uint64_t steps : {1U, 2U, 4U, 20U, 50U}) {
    CAPTURE(steps);
    const NodeSettings<double> settings = bench.settings(lockstep(0.1, steps));
    const auto executor = make_caf_executor<double>(bench.graph, settings, {});
    const auto found = probe(bench, *executor, settings);
    REQUIRE(found.size() == 4);
    for (const VertexFidelity& one : found) {
      const std::string& name = (*bench.graph)[one.vertex].name;
      CAPTURE(name);
      const double share = received_share(steps, static_cast<std::uint64_t>(name[1] - '0'), 0.1);
      CHECK(std::abs(one.received - share) <= 1e-9);
      CHECK(std::abs(one.relative - (1 - share)) <= 1e-9);
      CHECK(std::abs(one.cosine - (share > 0 ? 1 : 0)) <= 1e-9);
    }
  }
}

TEST_CASE("at rate 1 every vertex has received exactly its backprop gradient, from actors in any order") {
  const Bench<double> bench(kChain, kRows);
  for (const Wake wake : {Wake::gather, Wake::eager}) {
    RuleChoice choice;
    choice.wake = wake;
    const NodeSettings<double> settings = bench.settings(choice);
    CafOptions<double> two;
    two.threads = 2;
    const auto executor = make_caf_executor<double>(bench.graph, settings, two);
    const auto found = probe(bench, *executor, settings);
    REQUIRE(found.size() == 4);
    for (const VertexFidelity& one : found) {
      CHECK(one.received == 1);
      CHECK(one.relative == 0);
      CHECK(one.cosine == doctest::Approx(1).epsilon(1e-15));
    }
  }
}

TEST_CASE("a probe leaves the run as it is") {
  const Bench<double> bench(kChain, kRows);
  const NodeSettings<double> settings = bench.settings(lockstep(0.1, 5));
  const auto probed = make_reference_executor<double>(bench.graph, settings);
  const auto plain = make_reference_executor<double>(bench.graph, settings);
  for (int k = 0; k < 3; ++k) {
    probe(bench, *probed, settings);
    run_trial<double>(*plain, std::make_shared<Trial>(bench.trial({3, 0, 2})));
  }
  const State<double> expected = plain->save();
  for (const auto& [name, tensor] : probed->save()) CHECK(std::ranges::equal(tensor.flat(), expected.at(name).flat()));
}

TEST_CASE("a vertex that receives too little is named with its share and the steps that would give it 90 percent") {
  const Bench<double> bench(kChain, kRows);
  const NodeSettings<double> settings = bench.settings(lockstep(0.1, 20));
  const auto executor = make_reference_executor<double>(bench.graph, settings);
  for (const VertexFidelity& one : probe(bench, *executor, settings)) {
    if ((*bench.graph)[one.vertex].name != "h3") continue;
    // P(Binomial(20, 0.1) >= 3) = 0.3231, and 52 is the first t with P(Binomial(t, 0.1) >= 3) >= 0.9.
    CHECK(fidelity_warning<double>(*bench.graph, one, settings, 0.1) ==
          "'h3' receives 32.3 % of its backprop gradient: at value_rate 0.1, 3 hops from the output, relax.steps = 52 "
          "would give it 90 %");
  }
}

TEST_CASE("the remedy for too little gradient fits the rule and the pacing") {
  const Bench<double> bench(kChain, kRows);
  const VertexFidelity low{bench.graph->outputs()[0], 0.5, 0.5, 1};
  RuleChoice strict;
  strict.rule = "strict";
  CHECK(fidelity_warning<double>(*bench.graph, low, bench.settings(strict), 0.1).find("strict relaxation") !=
        std::string::npos);
  RuleChoice eager;
  eager.value_rate = 0.1;
  eager.steps = 3;
  CHECK(fidelity_warning<double>(*bench.graph, low, bench.settings(eager), 0.1).find("relax.tolerance") !=
        std::string::npos);
}

}  // namespace settle
