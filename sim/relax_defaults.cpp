#include "sim/relax_defaults.hpp"

#include "graph/error.hpp"
#include "graph/error_weights.hpp"
#include "graph/levelling.hpp"
#include "graph/straight_through.hpp"
#include "graph/topology.hpp"

namespace settle {

namespace {

template <class Scalar>
RulePtr<Scalar> make_rule(const std::string& name, double rate) {
  if (name == "fixed_prediction") return fixed_prediction<Scalar>(rate);
  if (name == "strict") return strict<Scalar>(rate);
  if (name == "incremental") return incremental<Scalar>(rate);
  if (name == "activation_relaxation") return activation_relaxation<Scalar>(rate);
  if (name == "zero_divergence") {
    if (rate != 1) throw BadConfig("zero_divergence is exact at value_rate 1 only: leave relax.value_rate out");
    return zero_divergence<Scalar>();
  }
  std::string known;
  for (const std::string_view rule : kRules) known += (known.empty() ? "" : ", ") + std::string(rule);
  throw BadConfig("there is no rule '" + name + "': " + known);
}

// What the choice asks of feedback that is not the transposed Jacobian; empty where it is.
std::string_view other_feedback(const RuleChoice& choice) {
  if (!choice.nonlinear_derivative) return "rule.nonlinear_derivative = off";
  if (choice.error_weights) return "rule.error_weights = learned";
  return choice.backward_weights == BackwardWeights::tied ? "" : "rule.backward_weights";
}

void check_feedback(const RuleChoice& choice) {
  if (other_feedback(choice).empty() || (choice.rule != "backprop" && choice.rule != "zero_divergence")) return;
  throw BadConfig(std::string(other_feedback(choice)) + ": the rule " + choice.rule +
                  " is backprop, with the derivatives and weights of the predictions; take another rule, or leave the "
                  "key out");
}

template <class Scalar>
RulePtr<Scalar> rule_by_curvature(const RuleChoice& choice) {
  if (choice.rule != "strict")
    throw BadConfig("value_rate = auto belongs to the rule strict, not to " + choice.rule +
                    ": give a number, or leave it out");
  if (!other_feedback(choice).empty())
    throw BadConfig("value_rate = auto bounds the curvature of the free energy, which feedback does not follow with " +
                    std::string(other_feedback(choice)) + ": give a number");
  if (choice.pacing == Pacing::asynchronous) return strict_by_curvature<Scalar>(std::nullopt);
  return strict_by_curvature<Scalar>(2 * choice.delay);
}

// Lockstep sends at every step, changed or not.
void check_lockstep_sending(const RuleChoice& choice) {
  for (const auto& [given, key] : {std::pair(choice.send_tolerance.has_value(), "relax.send_tolerance"),
                                   std::pair(choice.send_delta != SendDelta::mixed, "relax.send_delta")})
    if (given)
      throw BadConfig(std::string(key) +
                      " says what is worth a message in pacing asynchronous; lockstep sends at every step: leave it "
                      "out, or take relax.pacing = asynchronous");
}

void check_timing(const Vertex& vertex, bool clamped) {
  if (vertex.kind != VertexKind::computed) return;
  if (clamped && !vertex.childless())
    throw BadConfig("vertex '" + vertex.name +
                    "' is clamped and has children: zero_divergence takes errors from outputs only");
  if (!clamped && vertex.precision_kind != PrecisionKind::uniform)
    throw BadConfig("vertex '" + vertex.name +
                    "' has a precision that is not one number: under zero_divergence only an output may; take another "
                    "rule or a number");
}

}  // namespace

double default_value_rate(const std::string& rule) {
  return rule == "strict" || rule == "incremental" || rule == "activation_relaxation" ? 0.1 : 1.0;
}

RuleChoice rule_choice(const RunConfig& config) {
  RuleChoice choice;
  choice.rule = config.rule.name;
  choice.pacing = config.relax.pacing == RelaxConfig::Pacing::lockstep ? Pacing::lockstep : Pacing::asynchronous;
  if (config.relax.wake) choice.wake = *config.relax.wake == RelaxConfig::Wake::gather ? Wake::gather : Wake::eager;
  choice.follows_curvature = config.relax.follows_curvature;
  choice.delay = config.network.delay;
  if (!choice.follows_curvature) choice.value_rate = config.relax.value_rate;
  if (config.relax.steps) choice.steps = static_cast<std::uint64_t>(*config.relax.steps);
  choice.tolerance = config.relax.tolerance;
  choice.send_tolerance = config.relax.send_tolerance;
  choice.send_delta = config.relax.send_delta;
  choice.insert_levels = config.rule.level == RuleConfig::Level::insert;
  choice.nonlinear_derivative = config.rule.nonlinear_derivative;
  choice.backward_weights = config.rule.backward_weights;
  choice.error_weights = config.rule.error_weights;
  return choice;
}

GraphPtr model_to_learn(const GraphPtr& graph, const RuleChoice& choice) {
  check_feedback(choice);
  return choice.error_weights ? with_error_weights(*graph) : graph;
}

GraphPtr model_to_run(const GraphPtr& fitted, const RuleChoice& choice) {
  check_feedback(choice);
  GraphPtr run = fitted;
  if (choice.error_weights) run = without_error_weights_in_feedback(*run);
  if (!choice.nonlinear_derivative) run = straight_through(*run);
  if (choice.backward_weights != BackwardWeights::tied) run = with_backward_weights(*run, choice.backward_weights);
  return run;
}

GraphPtr fit_model(const GraphPtr& model, RuleChoice& choice) {
  const GraphPtr graph = model_to_learn(model, choice);
  if (choice.rule != "zero_divergence") return graph;
  if (!graph->acyclic())
    throw BadConfig("the model has a cycle, " + to_string(*graph, graph->cycles().front()) +
                    ": zero_divergence needs levels, which there are none of on a cycle");
  if (const auto edge = find_skipping_edge(*graph); edge && !choice.insert_levels) {
    const Vertex& parent = (*graph)[edge->parent];
    const Vertex& child = (*graph)[edge->child];
    throw BadConfig("the edge from '" + parent.name + "' to '" + child.name + "' skips levels: '" + parent.name +
                    "' is up to " + std::to_string(parent.height) + " edges from an output, '" + child.name + "' " +
                    std::to_string(child.height) +
                    "; zero_divergence is exact on a levelled graph only: rule.level = insert levels it");
  }
  std::uint64_t steps = 1;
  for (const Vertex& vertex : graph->vertices())
    if (vertex.kind == VertexKind::computed) steps = std::max<std::uint64_t>(steps, vertex.height);
  if (!choice.steps) choice.steps = steps;
  if (*choice.steps < steps)
    throw BadConfig("zero_divergence needs as many steps as the model has levels: relax.steps = " +
                    std::to_string(steps) + ", not " + std::to_string(*choice.steps));
  return levelled(graph);
}

template <class Scalar>
NodeSettings<Scalar> node_settings(const RuleChoice& choice) {
  NodeSettings<Scalar> settings;
  if (choice.rule == "backprop") return settings;
  const double rate = choice.value_rate.value_or(default_value_rate(choice.rule));
  settings.rule = choice.follows_curvature ? rule_by_curvature<Scalar>(choice) : make_rule<Scalar>(choice.rule, rate);
  const bool fixed = !settings.rule->moves_values();
  settings.pacing = choice.pacing;
  if (settings.rule->timed() && choice.pacing != Pacing::lockstep)
    throw BadConfig(choice.rule + " counts the steps that errors travel: it needs relax.pacing = lockstep");
  settings.wake = choice.wake.value_or(fixed ? Wake::gather : Wake::eager);
  settings.steps = choice.steps;
  if (choice.pacing == Pacing::lockstep && !choice.steps)
    throw BadConfig("pacing lockstep runs a fixed number of steps: give relax.steps (--steps)");
  if (choice.pacing == Pacing::lockstep) check_lockstep_sending(choice);
  if (choice.pacing == Pacing::asynchronous && !fixed && !choice.steps) settings.steps = 1000;
  const double fine = sizeof(Scalar) == sizeof(float) ? 1e-6 : 1e-12;
  settings.tolerance = choice.tolerance.value_or(settings.rule->memoryless() ? 0 : fine);
  settings.send_tolerance = choice.send_tolerance;
  settings.send_delta = choice.send_delta;
  return settings;
}

void check_model(const Graph& graph, const std::vector<char>& clamped, const std::string& rule) {
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (rule == "zero_divergence") check_timing(vertex, clamped[id] != 0);
    if (clamped[id] || vertex.kind == VertexKind::parameter) continue;
    if (vertex.kind == VertexKind::input && rule != "strict" && rule != "incremental")
      throw BadConfig("input '" + vertex.name +
                      "' is not clamped to data: only the rules strict and incremental relax inputs, not " + rule);
    if (vertex.kind == VertexKind::computed && !vertex.childless() && !vertex.energy->relaxable())
      throw BadConfig("vertex '" + vertex.name + "' is " + std::string(vertex.energy->name()) +
                      " and has children: such a vertex must be clamped, or childless, while relaxing");
  }
}

template NodeSettings<float> node_settings(const RuleChoice&);
template NodeSettings<double> node_settings(const RuleChoice&);

}  // namespace settle
