// Purpose: from what a user says of a rule to what nodes are told: the defaults of rate, wake, steps and tolerance, and
// the models that a rule admits. Callers: the session, the commands that run a single trial. Thread rule: pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/settings.hpp"
#include "graph/backward_weights.hpp"
#include "sim/config/run_config.hpp"

namespace settle {

inline constexpr std::string_view kRules[] = {"fixed_prediction",      "strict",  "incremental", "zero_divergence",
                                              "activation_relaxation", "backprop"};

struct RuleChoice {
  std::string rule = "fixed_prediction";  // one of kRules
  Pacing pacing = Pacing::asynchronous;
  std::optional<Wake> wake = {};            // default: gather for fixed prediction, else eager
  bool follows_curvature = false;           // value_rate = auto
  std::uint32_t delay = 0;                  // of the network, in lockstep steps, where it is known
  std::optional<double> value_rate = {};    // default: see default_value_rate
  std::optional<std::uint64_t> steps = {};  // default: asynchronous, 1000 where values move, else none
  std::optional<double> tolerance = {};  // default: 0 for fixed prediction at rate 1, else 1e-6 or 1e-12 by precision
  std::optional<double> send_tolerance = {};  // default: `tolerance`
  SendDelta send_delta = SendDelta::mixed;
  bool insert_levels = true;         // zero_divergence: level the graph; false: refuse one that is not
  bool nonlinear_derivative = true;  // false: see graph/straight_through.hpp
  BackwardWeights backward_weights = BackwardWeights::tied;
  bool error_weights = false;  // see graph/error_weights.hpp
};

// 1 for fixed_prediction and zero_divergence, 0.1 for rules whose way to rest matters.
double default_value_rate(const std::string& rule);

RuleChoice rule_choice(const RunConfig& config);

// The model with the parameters that its predictions have by the choice: rule.error_weights = learned.
// Errors: BadConfig as graph/error_weights.hpp, and for a rule that is backprop by definition.
GraphPtr model_to_learn(const GraphPtr& graph, const RuleChoice& choice);

// That model as the rule relaxes it. For zero_divergence it is levelled, and `choice.steps` become the steps that it
// takes where none are given. Errors: as above; BadConfig for zero_divergence on a cycle, with too few steps, or naming
// the edge that skips levels where none may be inserted.
GraphPtr fit_model(const GraphPtr& graph, RuleChoice& choice);

// What executors run of a fitted model: the same vertices, feeding back by the derivatives and weights of the choice.
// Comparisons with backprop take the fitted model itself. Errors: BadConfig for a rule that is backprop by definition
// and is to feed back otherwise, or a model in which nothing changes.
GraphPtr model_to_run(const GraphPtr& fitted, const RuleChoice& choice);

// Rule, pacing, wake, steps and tolerance are set; the rule is null for backprop.
// Errors: BadConfig for an unknown rule, lockstep without steps, or zero_divergence asynchronously or at another rate
// than 1.
template <class Scalar>
NodeSettings<Scalar> node_settings(const RuleChoice& choice);

// Errors: BadConfig naming the vertex that the rule cannot relax: a free input (strict and incremental only), a free
// vertex with children whose energy gives no force on its value (categorical, bernoulli); for zero_divergence a clamped
// vertex with children, whose error would come before its time, or a free one whose precision is not one number.
void check_model(const Graph& graph, const std::vector<char>& clamped, const std::string& rule);

}  // namespace settle
