// Arithmetic of several tensors under numpy's broadcasting rule (operator set 7 on; before, axes were given).
#include "graph/ops/arithmetic.hpp"
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/elementary.hpp"
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

// a - b q, with q = a / b rounded down, or towards zero where `fmod` says so.
Values mod(const NodeView& node) {
  require(node, 2);
  const ExpressionPtr quotient = apply(div_op(), node.all());
  const ExpressionPtr whole = node.flag("fmod", false) ? truncated(quotient) : apply(floor_op(), {quotient});
  return {node.input(0).with(apply(sub_op(), {node[0], apply(mul_op(), {node[1], whole})}))};
}

template <OpPtr (*Make)()>
ExpressionPtr chain(const NodeView& node) {
  const std::vector<ExpressionPtr> operands = node.all();
  if (operands.empty()) node.invalid("it has no inputs");
  ExpressionPtr y = operands[0];
  for (std::size_t k = 1; k < operands.size(); ++k) y = apply(Make(), {y, operands[k]});
  return y;
}

template <OpPtr (*Make)()>
Values variadic(const NodeView& node) {
  return {node.input(0).with(chain<Make>(node))};
}

Values mean(const NodeView& node) {
  const ExpressionPtr sum = chain<add_op>(node);
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
