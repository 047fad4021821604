// Purpose: from what a user says of a rule to what nodes are told: the defaults of rate, wake, steps and tolerance, and
// the models that a rule admits. Callers: the session, the commands that run a single trial. Thread rule: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/settings.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

struct RuleChoice {
  std::string rule = "fixed_prediction";  // or strict, backprop
  Pacing pacing = Pacing::asynchronous;
  std::optional<Wake> wake = {};            // default: gather for fixed prediction, else eager
  std::optional<double> value_rate = {};    // default: 1 for fixed prediction, 0.1 for strict
  std::optional<std::uint64_t> steps = {};  // default: asynchronous, none for fixed prediction and 1000 else
  std::optional<double> tolerance = {};  // default: 0 for fixed prediction at rate 1, else 1e-6 or 1e-12 by precision
};

double default_value_rate(const std::string& rule);

RuleChoice rule_choice(const RunConfig& config);

// Rule, pacing, wake, steps and tolerance are set; the rule is null for backprop.
// Errors: BadConfig for an unknown rule, or lockstep without steps.
template <class Scalar>
NodeSettings<Scalar> node_settings(const RuleChoice& choice);

// Errors: BadConfig naming the vertex that the rule cannot relax: a free input (strict only), or a free vertex with
// children whose energy gives no force on its value (categorical, bernoulli).
void check_model(const Graph& graph, const std::vector<char>& clamped, const std::string& rule);

}  // namespace settle
