// Purpose: a graph whose linear maps send errors back by weights of their own: psi in the place of W, so that no
// synapse needs to know another one (the weight transport problem). z = W x + b keeps its value and W its learning,
//   feedback to x   psi^T xi                     in place of W^T xi
//   psi             += learning_rate * xi x^T    learned: the update of W itself, so psi - W stays as it was drawn, and
//                                                the angle between them falls as both grow alike
//                   stays as it was drawn        fixed: feedback alignment
// xi being what reaches the map from the vertex's error. The same for linear, matmul, gemm, conv and conv_transpose by
// a parameter of the vertex's own; every other operator (a scale, a bias, a normalisation) keeps its feedback. What
// reads inputs only stays as it is: clamped inputs get no feedback. psi is a parameter of the vertex, WEIGHT.backward,
// of W's shape, saved as others, and drawn as W is but by its own name; uniform on +-1/sqrt(fan in) where W starts from
// given numbers. Source: Millidge, Tschantz, Seth & Buckley 2020, "Relaxing the Constraints on Predictive Coding
// Models", section 3.1, and its code; fixed: Lillicrap, Cownden, Tweed & Akerman 2016. Thread rule: pure.
#pragma once

#include "graph/graph.hpp"

namespace settle {

enum class BackwardWeights {
  tied,     // feedback by W^T: what a gradient is
  fixed,    // by psi^T, which never learns
  learned,  // by psi^T, which learns as W does
};

// Ids, names and values are the same, and what was a parameter is the same parameter. Requires: not tied.
// Errors: BadConfig naming the vertex whose weight others share or an expression makes, or where there is nothing to
// change in the whole graph.
GraphPtr with_backward_weights(const Graph& graph, BackwardWeights kind);

}  // namespace settle
