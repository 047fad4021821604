// Purpose: the losses of ONNX as expressions (a vertex's own loss is its energy, graph/energy.hpp).
//   negative_log_likelihood   l = -weight[t] x[.., t, ..]      x [n, classes, ...] log-probabilities, t [n, ...]
//   classes softmax_cross_entropy     the same of log_softmax(x) along the classes
// Classes are the axis after the first. Where t is `ignored`, l is 0. reduction `none`: l [n, ...]; `sum`: the sum of l
// over everything; `mean`: that sum divided by the sum of weight[t] over what is not ignored. With a symbolic batch,
// sum and mean are those of each sample (graph/ops/reduce.hpp). A class that is not there gives NaN. Errors: BadConfig
// for shapes that do not fit. Thread rule: pure functions.
#pragma once

#include <optional>

#include "graph/function.hpp"

namespace settle {

enum class LossReduction { none, sum, mean };

struct LossOptions {
  LossReduction reduction = LossReduction::mean;
  std::optional<std::int64_t> ignored;
};

// `weight` [classes], or null for all ones.
ExpressionPtr negative_log_likelihood(const ExpressionPtr& x, const ExpressionPtr& target, const ExpressionPtr& weight,
                                      const LossOptions& options);

struct CrossEntropy {
  ExpressionPtr loss;
  ExpressionPtr log_probabilities;
};
CrossEntropy softmax_cross_entropy(const ExpressionPtr& x, const ExpressionPtr& target, const ExpressionPtr& weight,
                                   const LossOptions& options);

// nll_loss(x, target, reduction=mean) and cross_entropy(x, target, reduction=mean); reduction is none, sum or mean.
OperatorFamily losses_family();

}  // namespace settle
