// Arithmetic of several tensors under numpy's broadcasting rule (operator set 7 on; before, axes were given).
#include "graph/ops/arithmetic.hpp"
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/power.hpp"

namespace settle::onnx {
namespace {

void require(const NodeView& node, std::size_t count) {
  if (node.input_count() != count)
    node.invalid("it has " + std::to_string(node.input_count()) + " inputs, not " + std::to_string(count));
}

template <OpPtr (*Make)()>
Values binary(const NodeView& node) {
  require(node, 2);
  return {node.input(0).with(apply(Make(), node.all()))};
}

// Quotients of integers are rounded towards zero.
Values divide(const NodeView& node) {
  require(node, 2);
  const ExpressionPtr quotient = apply(div_op(), node.all());
  return {node.input(0).with(is_integer(node.input(0).type) ? truncated(quotient) : quotient)};
}

Values pow(const NodeView& node) {
  require(node, 2);
  const ExpressionPtr y = power(node[0], node[1]);
  return {node.input(0).with(is_integer(node.input(0).type) ? truncated(y) : y)};
}

Values mod(const NodeView& node) {
  require(node, 2);
  return {node.input(0).with(apply(node.flag("fmod", false) ? fmod_op() : mod_op(), node.all()))};
}

template <OpPtr (*Make)()>
Values variadic(const NodeView& node) {
  return {node.input(0).with(folded(Make(), node.all()))};
}

Values mean(const NodeView& node) {
  const ExpressionPtr sum = folded(add_op(), node.all());
  return {node.input(0).with(apply(div_op(), {sum, constant(static_cast<double>(node.input_count()))}))};
}

constexpr Operator kOperators[] = {
    {.name = "Add", .import = binary<add_op>},
    {.name = "Sub", .import = binary<sub_op>},
    {.name = "Mul", .import = binary<mul_op>},
    {.name = "Div", .import = divide},
    {.name = "Pow", .import = pow},
    {.name = "Mod", .import = mod},
    {.name = "Sum", .import = variadic<add_op>, .since = 6},
    {.name = "Max", .import = variadic<max_op>, .since = 6},
    {.name = "Min", .import = variadic<min_op>, .since = 6},
    {.name = "Mean", .import = mean, .since = 6},
};

}  // namespace

std::span<const Operator> arithmetic_operators() { return kOperators; }

}  // namespace settle::onnx
