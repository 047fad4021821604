#include "sim/relax_defaults.hpp"

#include "graph/error.hpp"

namespace settle {

double default_value_rate(const std::string& rule) { return rule == "strict" ? 0.1 : 1.0; }

RuleChoice rule_choice(const RunConfig& config) {
  RuleChoice choice;
  choice.rule = config.rule.name;
  choice.pacing = config.relax.pacing == RelaxConfig::Pacing::lockstep ? Pacing::lockstep : Pacing::asynchronous;
  if (config.relax.wake) choice.wake = *config.relax.wake == RelaxConfig::Wake::gather ? Wake::gather : Wake::eager;
  choice.value_rate = config.relax.value_rate;
  if (config.relax.steps) choice.steps = static_cast<std::uint64_t>(*config.relax.steps);
  choice.tolerance = config.relax.tolerance;
  return choice;
}

template <class Scalar>
NodeSettings<Scalar> node_settings(const RuleChoice& choice) {
  NodeSettings<Scalar> settings;
  if (choice.rule == "backprop") return settings;
  const double rate = choice.value_rate.value_or(default_value_rate(choice.rule));
  const bool fixed = choice.rule == "fixed_prediction";
  if (fixed)
    settings.rule = fixed_prediction<Scalar>(rate);
  else if (choice.rule == "strict")
    settings.rule = strict<Scalar>(rate);
  else
    throw BadConfig("there is no rule '" + choice.rule + "': fixed_prediction, strict or backprop");
  settings.pacing = choice.pacing;
  settings.wake = choice.wake.value_or(fixed ? Wake::gather : Wake::eager);
  settings.steps = choice.steps;
  if (choice.pacing == Pacing::lockstep && !choice.steps)
    throw BadConfig("pacing lockstep runs a fixed number of steps: give relax.steps (--steps)");
  if (choice.pacing == Pacing::asynchronous && !fixed && !choice.steps) settings.steps = 1000;
  const double fine = sizeof(Scalar) == sizeof(float) ? 1e-6 : 1e-12;
  settings.tolerance = choice.tolerance.value_or(settings.rule->memoryless() ? 0 : fine);
  return settings;
}

void check_model(const Graph& graph, const std::vector<char>& clamped, const std::string& rule) {
  for (VertexId id = 0; id < graph.size(); ++id) {
    const Vertex& vertex = graph[id];
    if (clamped[id] || vertex.kind == VertexKind::parameter) continue;
    if (vertex.kind == VertexKind::input && rule != "strict")
      throw BadConfig("input '" + vertex.name + "' is not clamped to data: only the rule strict relaxes inputs, not " +
                      rule);
    if (vertex.kind == VertexKind::computed && !vertex.childless() && !vertex.energy->relaxable())
      throw BadConfig("vertex '" + vertex.name + "' is " + std::string(vertex.energy->name()) +
                      " and has children: such a vertex must be clamped, or childless, while relaxing");
  }
}

template NodeSettings<float> node_settings(const RuleChoice&);
template NodeSettings<double> node_settings(const RuleChoice&);

}  // namespace settle
