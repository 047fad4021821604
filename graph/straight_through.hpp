// Purpose: a graph whose activation functions hand adjoints on as they are: in feedback and in learning their
// derivative counts as 1, and everything else stays. One of the constraints that predictive coding can do without: a
// neuron need not know the slope of its own activation function. What are activation functions is a list of names:
// tanh, sigmoid, relu and their kin, which rise on the whole. Others (sin, square, ...) keep their derivative, whose
// sign matters. Source: Millidge, Tschantz, Seth & Buckley 2020, "Relaxing the Constraints on Predictive Coding
// Models", section 3.2. Thread rule: pure.
#pragma once

#include <span>
#include <string_view>

#include "graph/graph.hpp"

namespace settle {

std::span<const std::string_view> activation_functions();

// Ids, names, values and parameters are the same. Errors: BadConfig where no vertex has an activation function.
GraphPtr straight_through(const Graph& graph);

}  // namespace settle
