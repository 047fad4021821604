// Functions of one tensor, element by element.
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/activations.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/clip.hpp"
#include "graph/ops/elementary.hpp"
#include "graph/ops/prelu.hpp"
#include "graph/ops/shrink.hpp"
#include "graph/ops/unary.hpp"

namespace settle::onnx {
namespace {

template <OpPtr (*Make)()>
Values plain(const NodeView& node) {
  return {node.input(0).with(apply(Make(), {node[0]}))};
}

// ONNX keeps attributes, defaults among them, in float.
double attribute(const NodeView& node, const char* name, float fallback) {
  return node.number(name, static_cast<double>(fallback));
}

template <OpPtr (*Make)(double), int Hundredths>
Values with_alpha(const NodeView& node) {
  const double alpha = attribute(node, "alpha", static_cast<float>(Hundredths) / 100.0F);
  return {node.input(0).with(apply(Make(alpha), {node[0]}))};
}

Values selu(const NodeView& node) {
  const double alpha = attribute(node, "alpha", 1.67326319217681884765625F);
  const double gamma = attribute(node, "gamma", 1.05070102214813232421875F);
  return {node.input(0).with(apply(selu_op(alpha, gamma), {node[0]}))};
}

Values hard_sigmoid(const NodeView& node) {
  return {node.input(0).with(
      apply(hard_sigmoid_op(attribute(node, "alpha", 0.2F), attribute(node, "beta", 0.5F)), {node[0]}))};
}

// The bounds are attributes before operator set 11, optional inputs since. A bound that is data is met by min and max.
Values clip(const NodeView& node) {
  const Value& x = node.input(0);
  if (node.opset() < 11) {
    const auto bound = [&](const char* name) -> std::optional<double> {
      if (!node.has_attribute(name)) return std::nullopt;
      return node.number(name, 0);
    };
    return {x.with(apply(clip_op(bound("min"), bound("max")), {node[0]}))};
  }
  for (const std::size_t k : {1U, 2U})
    if (node.has(k) && node.shape(k).size() != 1) node.invalid("min and max must have one element");
  const auto bound = [&](std::size_t k) { return node.has(k) ? node.known_number(k) : std::nullopt; };
  const std::optional<double> low = bound(1);
  const std::optional<double> high = bound(2);
  ExpressionPtr y = node[0];
  if (node.has(1) && !low) y = apply(max_op(), {y, scalar(node[1])});
  if (low || high) y = apply(clip_op(low, high), {y});
  if (node.has(2) && !high) y = apply(min_op(), {y, scalar(node[2])});
  return {x.with(y)};
}

// As at test time: the input itself, and a mask that keeps all of it.
Values dropout(const NodeView& node) {
  if (node.has(2) && node.number(2) != 0 && !(node.has(1) && node.number(1) == 0))
    node.unsupported("training_mode = true: export the model for inference");
  return {node.input(0).with(apply(identity_op(), {node[0]})), {filled(node.shape(0), 1), ElementType::boolean}};
}

Values shrink(const NodeView& node) {
  return {node.input(0).with(apply(shrink_op(node.number("lambd", 0.5), node.number("bias", 0)), {node[0]}))};
}

// The slope is broadcast to the input, not the other way round.
Values prelu(const NodeView& node) {
  if (!(broadcast(node.shape(0), node.shape(1)) == node.shape(0)))
    node.invalid("slope " + node.shape(1).to_string() + " does not broadcast to " + node.shape(0).to_string());
  return {node.input(0).with(apply(prelu_op(), {node[0], node[1]}))};
}

constexpr Operator kOperators[] = {
    {.name = "Identity", .import = plain<identity_op>, .since = 1, .unary = true},
    {.name = "Abs", .import = plain<abs_op>, .since = 1, .unary = true},
    {.name = "Neg", .import = plain<neg_op>, .since = 1, .unary = true},
    {.name = "Sign", .import = plain<sign_op>, .unary = true},
    {.name = "Ceil", .import = plain<ceil_op>, .since = 1, .unary = true},
    {.name = "Floor", .import = plain<floor_op>, .since = 1, .unary = true},
    {.name = "Round", .import = plain<round_op>, .unary = true},
    {.name = "Reciprocal", .import = plain<reciprocal_op>, .since = 1, .unary = true},
    {.name = "Sqrt", .import = plain<sqrt_op>, .since = 1, .unary = true},
    {.name = "Exp", .import = plain<exp_op>, .since = 1, .unary = true},
    {.name = "Log", .import = plain<log_op>, .since = 1, .unary = true},
    {.name = "Sin", .import = plain<sin_op>, .unary = true},
    {.name = "Cos", .import = plain<cos_op>, .unary = true},
    {.name = "Tan", .import = plain<tan_op>, .unary = true},
    {.name = "Asin", .import = plain<asin_op>, .unary = true},
    {.name = "Acos", .import = plain<acos_op>, .unary = true},
    {.name = "Atan", .import = plain<atan_op>, .unary = true},
    {.name = "Sinh", .import = plain<sinh_op>, .unary = true},
    {.name = "Cosh", .import = plain<cosh_op>, .unary = true},
    {.name = "Tanh", .import = plain<tanh_op>, .since = 1, .unary = true},
    {.name = "Asinh", .import = plain<asinh_op>, .unary = true},
    {.name = "Acosh", .import = plain<acosh_op>, .unary = true},
    {.name = "Atanh", .import = plain<atanh_op>, .unary = true},
    {.name = "Erf", .import = plain<erf_op>, .unary = true},
    {.name = "Relu", .import = plain<relu_op>, .since = 1, .unary = true},
    {.name = "Sigmoid", .import = plain<sigmoid_op>, .since = 1, .unary = true},
    {.name = "Softplus", .import = plain<softplus_op>, .since = 1, .unary = true},
    {.name = "Softsign", .import = plain<softsign_op>, .since = 1, .unary = true},
    {.name = "HardSwish", .import = plain<hard_swish_op>, .unary = true},
    {.name = "Mish", .import = plain<mish_op>, .unary = true},
    {.name = "LeakyRelu", .import = with_alpha<leaky_relu_op, 1>, .since = 1, .unary = true},
    {.name = "ThresholdedRelu", .import = with_alpha<thresholded_relu_op, 100>, .unary = true},
    {.name = "Elu", .import = with_alpha<elu_op, 100>, .since = 1, .unary = true},
    {.name = "Celu", .import = with_alpha<celu_op, 100>, .unary = true},
    {.name = "Selu", .import = selu, .since = 1, .unary = true},
    {.name = "HardSigmoid", .import = hard_sigmoid, .since = 1, .unary = true},
    {.name = "Shrink", .import = shrink, .since = 9, .unary = true},
    {.name = "Clip", .import = clip, .since = 6},
    {.name = "PRelu", .import = prelu},
    {.name = "Dropout", .import = dropout, .unary = true},
};

}  // namespace

std::span<const Operator> elementwise_operators() { return kOperators; }

}  // namespace settle::onnx
