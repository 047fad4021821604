#include "graph/ops/channel_norm.hpp"

#include "graph/error.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/composed.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/normalisation.hpp"
#include "graph/ops/reduce.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

// [channels] so that it broadcasts along the channels' axis.
ExpressionPtr per_channel(std::string_view op, const ExpressionPtr& operand, const ExpressionPtr& x,
                          std::int64_t channel_axis) {
  const Shape channels{x->shape[axis_position(op, x->shape, channel_axis)]};
  if (!(operand->shape == channels))
    throw BadConfig(std::string(op) + "'s scale and bias must be " + channels.to_string() + " like the channels of " +
                    x->shape.to_string() + ", not " + operand->shape.to_string());
  std::vector<std::int64_t> new_axes;
  for (std::int64_t axis = channel_axis + 1; axis < 0; ++axis) new_axes.push_back(axis);
  return new_axes.empty() ? operand : apply(unsqueeze_op(std::move(new_axes)), {operand});
}

ExpressionPtr scaled(std::string_view op, ExpressionPtr y, const ExpressionPtr& scale, const ExpressionPtr& bias,
                     std::int64_t channel_axis) {
  if (scale) y = apply(mul_op(), {y, per_channel(op, scale, y, channel_axis)});
  if (bias) y = apply(add_op(), {y, per_channel(op, bias, y, channel_axis)});
  return y;
}

// The vertex's own scale and bias, unless the call switches them off.
std::pair<ExpressionPtr, ExpressionPtr> own_scale_and_bias(const Call& call, const Shape& x) {
  const Shape channels{x.sample()[0]};
  std::pair<ExpressionPtr, ExpressionPtr> result;
  if (named_switch(call, "scale", true))
    result.first = call.scope->own_parameter("scale", channels, {Initializer::Kind::constant, 1});
  if (named_switch(call, "bias", true))
    result.second = call.scope->own_parameter("bias", channels, {Initializer::Kind::constant, 0});
  return result;
}

const ExpressionPtr& image_argument(const Call& call, const std::string& function) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + function);
  if (x->shape.sample().rank() < 2)
    throw BadConfig(function + " needs samples [channels, ...] with an axis after the channels, not " +
                    x->shape.to_string());
  return x;
}

ExpressionPtr make_instance_norm(const Call& call) {
  const ExpressionPtr& x = image_argument(call, "instance_norm");
  const auto [scale, bias] = own_scale_and_bias(call, x->shape);
  return instance_norm(x, scale, bias, first_axis(x->shape), named_number(call, "epsilon", 1e-5));
}

ExpressionPtr make_group_norm(const Call& call) {
  const ExpressionPtr& x = image_argument(call, "group_norm");
  const std::int64_t groups = integer_argument(call.arguments[1], "groups of group_norm");
  const auto [scale, bias] = own_scale_and_bias(call, x->shape);
  return group_norm(x, groups, scale, bias, first_axis(x->shape), named_number(call, "epsilon", 1e-5));
}

ExpressionPtr make_lp_normalize(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of lp_normalize");
  return lp_normalize(x, axis_argument(call, x->shape, -1), named_integer(call, "p", 2));
}

}  // namespace

ExpressionPtr instance_norm(const ExpressionPtr& x, const ExpressionPtr& scale, const ExpressionPtr& bias,
                            std::int64_t channel_axis, double epsilon) {
  if (channel_axis >= -1) throw BadConfig("instance_norm needs an axis after the channels of " + x->shape.to_string());
  return scaled("instance_norm", apply(normalize_op(channel_axis + 1, epsilon), {x}), scale, bias, channel_axis);
}

ExpressionPtr group_norm(const ExpressionPtr& x, std::int64_t groups, const ExpressionPtr& scale,
                         const ExpressionPtr& bias, std::int64_t channel_axis, double epsilon) {
  const std::size_t position = axis_position("group_norm", x->shape, channel_axis);
  if (groups < 1 || x->shape[position] % groups != 0)
    throw BadConfig("group_norm needs a number of groups that divides the " + std::to_string(x->shape[position]) +
                    " channels of " + x->shape.to_string() + ", not " + std::to_string(groups));
  // Axes before the channels stay; a batch is not a sample's axis.
  const std::vector<std::int64_t> all = wide(x->shape.extents());
  const std::size_t batch = x->shape.batched() ? 1 : 0;
  std::vector<std::int64_t> grouped(all.begin() + static_cast<std::ptrdiff_t>(batch),
                                    all.begin() + static_cast<std::ptrdiff_t>(position));
  const std::vector<std::int64_t> whole(all.begin() + static_cast<std::ptrdiff_t>(batch), all.end());
  grouped.push_back(groups);
  grouped.push_back(-1);
  const ExpressionPtr lines = apply(normalize_op(-1, epsilon), {apply(reshape_op(std::move(grouped)), {x})});
  return scaled("group_norm", apply(reshape_op(whole), {lines}), scale, bias, channel_axis);
}

ExpressionPtr lp_normalize(const ExpressionPtr& x, std::int64_t axis_from_end, std::int64_t p) {
  if (p != 1 && p != 2) throw BadConfig("lp_normalize takes p = 1 or 2, not " + std::to_string(p));
  const OpPtr norm = p == 1 ? l1_norm_op({axis_from_end}, true) : l2_norm_op({axis_from_end}, true);
  return apply(div_op(), {x, apply(norm, {x})});
}

OperatorFamily channel_norm_family() {
  OperatorFamily family;
  family.name = "channel_norm";
  family.functions = {{.name = "instance_norm",
                       .signature = "instance_norm(x, epsilon=1e-5, scale=1, bias=1)",
                       .min_arguments = 1,
                       .max_arguments = 1,
                       .keywords = {"epsilon", "scale", "bias"},
                       .make = make_instance_norm},
                      {.name = "group_norm",
                       .signature = "group_norm(x, groups, epsilon=1e-5, scale=1, bias=1)",
                       .min_arguments = 2,
                       .max_arguments = 2,
                       .keywords = {"epsilon", "scale", "bias"},
                       .make = make_group_norm},
                      {.name = "lp_normalize",
                       .signature = "lp_normalize(x, axis=-1, p=2)",
                       .min_arguments = 1,
                       .max_arguments = 1,
                       .keywords = {"axis", "p"},
                       .make = make_lp_normalize}};
  using Inputs = std::vector<ExpressionPtr>;
  const auto add = [&family](const std::string& name, const std::vector<Shape>& shapes, MakeExpression make) {
    GradientCase composed{name, composed_op(name, std::move(make)), {}};
    for (const Shape& shape : shapes)
      composed.inputs.push_back(case_values(name + std::to_string(composed.inputs.size()), shape, 0.2, 2));
    flip_every_other(composed.inputs[0]);
    family.gradient_cases.push_back(std::move(composed));
  };
  add("instance_norm", {{2, 3, 2, 3}, {3}, {3}},
      [](const Inputs& x) { return instance_norm(x[0], x[1], x[2], -3, 0.1); });
  add("group_norm", {{2, 4, 3}, {4}, {4}}, [](const Inputs& x) { return group_norm(x[0], 2, x[1], x[2], -2, 0.1); });
  add("lp_normalize by magnitudes", {{2, 3, 2}}, [](const Inputs& x) { return lp_normalize(x[0], -2, 1); });
  add("lp_normalize by the euclidean norm", {{2, 3}}, [](const Inputs& x) { return lp_normalize(x[0], -1, 2); });
  return family;
}

}  // namespace settle
