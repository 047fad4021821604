// Purpose: a graph of single units for benchmarks and tests of scale, a function of these numbers alone: a
// random directed acyclic graph of neurons that hold one number each. The first tenth are inputs; every other is
// tanh(w . parents + b), with so many different parents (four) drawn uniformly from all before it and parameters of its
// own. About a fifth of the neurons have no child. Thread rule: pure.
#pragma once

#include "graph/graph.hpp"
#include "graph/trial.hpp"

namespace settle {

// Requires: count >= 50, and more than 10 fan_in.
GraphPtr random_neurons(std::int64_t count, std::size_t fan_in = 4);

// A number in [0, 1) for every clamped neuron.
class NeuronData final : public ClampSource<float> {
 public:
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<float>& out) const override {
    out.fill(static_cast<float>(vertex * 2654435769U) * 0x1p-32F);
  }
};

// One sample, inputs and neurons without children clamped.
std::shared_ptr<const Trial> neuron_trial(const Graph& graph, LearnMode learn);

}  // namespace settle
