// Purpose: a graph whose errors are not wired one to one: what predicts a hidden vertex reaches its error units through
// a matrix E of the vertex's own, of which no entry is given.
//   error      v - E z                      z being the prediction without it, [batch, units]
//   E          += learning_rate * xi z^T    which descends the vertex's energy
//   feedback   (dz / d parent)^T xi         the error itself, not E^T xi: error units know nothing of E
// E is a parameter of the vertex, VERTEX.error_weight [units, units], drawn from N(0, 1/units) so that predictions keep
// their size. Vertices without children, whose errors are read against data, keep their wiring.
// Source: Millidge, Tschantz, Seth & Buckley 2020, "Relaxing the Constraints on Predictive Coding Models", section 3.3,
// and its code, where E stands on the prediction's side as here. There values start a trial, and are read out in
// testing, at z; here at E z, the prediction, so that one model is trained and tested.
// Thread rule: pure.
#pragma once

#include "graph/graph.hpp"

namespace settle {

// The model: predictions by E, with their true Jacobians. Ids, names and what was a parameter are the same.
// Errors: BadConfig naming the hidden vertex whose shape is not [batch, units], or where no vertex is hidden.
GraphPtr with_error_weights(const Graph& graph);

// What relaxes and learns: the same, with feedback that passes E by. Requires: made by with_error_weights.
GraphPtr without_error_weights_in_feedback(const Graph& graph);

}  // namespace settle
