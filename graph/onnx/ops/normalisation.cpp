// Values brought to a common scale.
#include "graph/ops/normalisation.hpp"
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/power.hpp"
#include "graph/ops/reduce.hpp"
#include "graph/ops/softmax.hpp"
#include "graph/ops/unary.hpp"

namespace settle::onnx {
namespace {

double epsilon_of(const NodeView& node) { return node.number("epsilon", static_cast<double>(1e-5F)); }

// Before operator set 13, `axis` cuts the tensor into rows and the function is of whole rows; since, it is of one axis.
template <OpPtr (*Make)(std::int64_t)>
Values along_axis(const NodeView& node) {
  const Shape& x = node.shape(0);
  const std::int64_t axis = node.axis_from_end(node.integer("axis", node.opset() < 13 ? 1 : -1), x.rank());
  if (node.opset() >= 13) return {node.input(0).with(apply(Make(axis), {node[0]}))};
  const AxisSplit split = split_at(x, axis);
  const ExpressionPtr rows = reshaped(node[0], std::vector{split.outer, split.extent * split.inner});
  return {node.input(0).with(reshaped(apply(Make(-1), {rows}), x.extents()))};
}

// Mean and variance are statistics of past data: they are not trained.
Values batch_normalization(const NodeView& node) {
  if (node.opset() < 9 && !node.flag("spatial", true)) node.unsupported("spatial = 0");
  if (node.flag("training_mode", false)) node.unsupported("training_mode = 1: export the model for inference");
  if (node.rank(0) < 2) node.invalid("its input must be [batch, channels, ...]");
  const std::int64_t channels = 1 - static_cast<std::int64_t>(node.rank(0));
  return {node.input(0).with(
      apply(batch_norm_op(channels, epsilon_of(node)), {node[0], node[1], node[2], node.frozen(3), node.frozen(4)}))};
}

// [channels] as [channels, 1, 1, ...], to broadcast to [batch, channels, ...].
ExpressionPtr per_channel(const ExpressionPtr& x, std::size_t rank) {
  std::vector<std::int64_t> extents(rank - 1, 1);
  extents[0] = x->shape.size();
  return reshaped(x, extents);
}

Values instance_normalization(const NodeView& node) {
  const std::size_t rank = node.rank(0);
  if (rank < 3) node.invalid("its input must be [batch, channels, ...]");
  for (const std::size_t k : {1, 2})
    if (!(node.shape(k) == Shape{node.shape(0)[1]})) node.invalid("scale and bias must have one element a channel");
  return {node.input(0).with(layer_norm(node[0], per_channel(node[1], rank), per_channel(node[2], rank),
                                        2 - static_cast<std::int64_t>(rank), epsilon_of(node)))};
}

// y = normalize(x) * scale + bias, and the mean and 1 / sqrt(variance + epsilon) that went into it.
Values layer_normalization(const NodeView& node) {
  const std::int64_t axis = node.axis_from_end(node.integer("axis", -1), node.rank(0));
  const ExpressionPtr y = layer_norm(node[0], node[1], node.has(2) ? node[2] : nullptr, axis, epsilon_of(node));
  if (!node.wants(1) && !node.wants(2)) return {node.input(0).with(y)};
  std::vector<std::int64_t> axes;
  for (std::int64_t k = axis; k < 0; ++k) axes.push_back(k);
  const ExpressionPtr mean = apply(mean_op(axes, true), {node[0]});
  const ExpressionPtr squares = apply(square_op(), {apply(sub_op(), {node[0], mean})});
  const ExpressionPtr variance = apply(mean_op(axes, true), {squares});
  const ExpressionPtr inverse = power(apply(add_op(), {variance, constant(epsilon_of(node))}), constant(-0.5));
  return {node.input(0).with(y), node.input(0).with(mean), node.input(0).with(inverse)};
}

constexpr Operator kOperators[] = {
    {.name = "Softmax", .import = along_axis<softmax_op>, .since = 1},
    {.name = "LogSoftmax", .import = along_axis<log_softmax_op>, .since = 1},
    {.name = "BatchNormalization", .import = batch_normalization},
    {.name = "InstanceNormalization", .import = instance_normalization, .since = 6},
    {.name = "LayerNormalization", .import = layer_normalization, .since = 17},
};

}  // namespace

std::span<const Operator> normalisation_operators() { return kOperators; }

}  // namespace settle::onnx
