#include "tools/random_neurons.hpp"

#include <algorithm>

#include "graph/builder.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/unary.hpp"
#include "graph/random.hpp"

namespace settle {

GraphPtr random_neurons(std::int64_t count, std::size_t fan_in) {
  RandomStream random(1, "neurons", "benchmark");
  const OpPtr join = concat_op(-1);
  GraphBuilder model;
  for (std::int64_t k = 0; k < count; ++k) {
    const std::string name = "v" + std::to_string(k);
    if (k < count / 10) {
      model.input(name, {1});
      continue;
    }
    std::vector<VertexId> chosen;
    while (chosen.size() < fan_in) {
      const auto parent = static_cast<VertexId>(random.below(static_cast<std::uint64_t>(k)));
      if (std::ranges::find(chosen, parent) == chosen.end()) chosen.push_back(parent);
    }
    std::vector<ExpressionPtr> parents;
    for (const VertexId parent : chosen) parents.push_back(model.use(parent));
    model.normal(name, apply(tanh_op(), {linear(apply(join, std::move(parents)), 1, name)}));
  }
  return model.build();
}

std::shared_ptr<const Trial> neuron_trial(const Graph& graph, LearnMode learn) {
  std::vector<VertexId> clamped(graph.inputs().begin(), graph.inputs().end());
  clamped.insert(clamped.end(), graph.outputs().begin(), graph.outputs().end());
  auto trial = std::make_shared<Trial>();
  trial->samples = {0};
  trial->clamped = clamp_set(graph, clamped);
  trial->learn = learn;
  return trial;
}

}  // namespace settle
