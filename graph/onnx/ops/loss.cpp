// Losses as nodes. Their weights of classes are options, which are not trained.
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/losses.hpp"

namespace settle::onnx {
namespace {

LossOptions options_of(const NodeView& node) {
  LossOptions options;
  const std::string reduction = node.text("reduction", "mean");
  if (reduction == "none")
    options.reduction = LossReduction::none;
  else if (reduction == "sum")
    options.reduction = LossReduction::sum;
  else if (reduction != "mean")
    node.invalid("reduction '" + reduction + "' is not one");
  if (node.has_attribute("ignore_index")) options.ignored = node.integer("ignore_index", 0);
  return options;
}

ExpressionPtr weight_of(const NodeView& node) { return node.has(2) ? node.frozen(2) : nullptr; }

Values likelihood(const NodeView& node) {
  return {node.input(0).with(negative_log_likelihood(node[0], node[1], weight_of(node), options_of(node)))};
}

Values cross_entropy(const NodeView& node) {
  const CrossEntropy result = softmax_cross_entropy(node[0], node[1], weight_of(node), options_of(node));
  return {node.input(0).with(result.loss), node.input(0).with(result.log_probabilities)};
}

constexpr Operator kOperators[] = {
    {.name = "NegativeLogLikelihoodLoss", .import = likelihood, .since = 12},
    {.name = "SoftmaxCrossEntropyLoss", .import = cross_entropy, .since = 12},
};

}  // namespace

std::span<const Operator> loss_operators() { return kOperators; }

}  // namespace settle::onnx
