// Purpose: a graph of single units for benchmarks and tests of scale, a function of the number of vertices alone: a
// random directed acyclic graph of neurons that hold one number each. The first tenth are inputs; every other is
// tanh(w . parents + b), with four different parents drawn uniformly from all before it and parameters of its own.
// About a fifth of the neurons have no child. Thread rule: pure.
#pragma once

#include "graph/graph.hpp"

namespace settle {

// Requires: count >= 50.
GraphPtr random_neurons(std::int64_t count);

}  // namespace settle
