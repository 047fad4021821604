// Values brought to a common scale.
#include "graph/ops/normalisation.hpp"
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/channel_norm.hpp"
#include "graph/ops/local_response.hpp"
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
  return {node.input(0).with(reshaped(apply(Make(-1), {rows}), wide(x.extents())))};
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

Values instance_normalization(const NodeView& node) {
  const std::size_t rank = node.rank(0);
  if (rank < 3) node.invalid("its input must be [batch, channels, ...]");
  const std::int64_t channels = 1 - static_cast<std::int64_t>(rank);
  return {node.input(0).with(instance_norm(node[0], node[1], node[2], channels, epsilon_of(node)))};
}

Values lrn(const NodeView& node) {
  if (node.rank(0) < 2) node.invalid("its input must be [batch, channels, ...]");
  const LocalResponse options{node.required_integer("size"), node.number("alpha", static_cast<double>(1e-4F)),
                              node.number("beta", 0.75), node.number("bias", 1)};
  const std::int64_t channels = 1 - static_cast<std::int64_t>(node.rank(0));
  return {node.input(0).with(apply(local_response_norm_op(channels, options), {node[0]}))};
}

Values lp_normalization(const NodeView& node) {
  const std::int64_t axis = node.axis_from_end(node.integer("axis", -1), node.rank(0));
  return {node.input(0).with(lp_normalize(node[0], axis, node.integer("p", 2)))};
}

// (x - mean) / (deviation + 1e-9), by default over all axes but the channels'.
Values mean_variance_normalization(const NodeView& node) {
  std::vector<std::int64_t> axes = node.integers("axes");
  if (!node.has_attribute("axes")) axes = {0, 2, 3};
  axes = node.axes_from_end(axes, node.rank(0));
  const ExpressionPtr centred = apply(sub_op(), {node[0], apply(mean_op(axes, true), {node[0]})});
  const ExpressionPtr variance = apply(mean_op(axes, true), {apply(square_op(), {centred})});
  const ExpressionPtr deviation = apply(add_op(), {apply(sqrt_op(), {variance}), constant(1e-9)});
  return {node.input(0).with(apply(div_op(), {centred, deviation}))};
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
    {.name = "LRN", .import = lrn, .since = 1},
    {.name = "LpNormalization", .import = lp_normalization, .since = 1},
    {.name = "MeanVarianceNormalization", .import = mean_variance_normalization, .since = 9},
    {.name = "LayerNormalization", .import = layer_normalization, .since = 17},
};

}  // namespace

std::span<const Operator> normalisation_operators() { return kOperators; }

}  // namespace settle::onnx
