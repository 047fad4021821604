// Purpose: the activation functions that a recurrent node names, with the numbers it gives them.
// Caller: recurrence.cpp. Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "graph/onnx/operator.hpp"

namespace settle::onnx {

struct Activation {
  std::string name;
  double alpha = 0;  // where the function has such a number
  double beta = 0;
};

// As many as `defaults` for each direction, in the order of the attribute `activations`; without it, the defaults.
// `activation_alpha` and `activation_beta` are handed out in that order to the functions that have such a number.
// Errors: BadConfig for another count, Unsupported for a function that is not known.
std::vector<Activation> activations_of(const NodeView& node, const std::vector<std::string>& defaults,
                                       std::size_t directions);

ExpressionPtr activated(const Activation& activation, const ExpressionPtr& x);

}  // namespace settle::onnx
