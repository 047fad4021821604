// Purpose: random numbers where a model is to run without data: for every input and output a batch keyed by (seed, the
// vertex's name). Inputs and normal targets are uniform in [0, 1), categorical targets one-hot rows.
// Callers: benchmarks, studies of what does not depend on data. Thread rule: pure.
#pragma once

#include "graph/graph.hpp"
#include "sim/dataset.hpp"

namespace settle {

// `[batch, ...]`.
template <class Scalar>
Tensor<Scalar> synthetic_values(const Vertex& vertex, std::uint64_t seed, std::int64_t batch);

// So many samples to train on, none to test on. Requires: as many as the model takes, where its extents are fixed.
Dataset synthetic_dataset(const Graph& graph, std::uint64_t seed, std::uint32_t samples);

}  // namespace settle
