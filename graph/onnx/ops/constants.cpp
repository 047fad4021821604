// Tensors that are made rather than computed, and their element types.
#include <cmath>

#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/cumsum.hpp"
#include "graph/ops/elementary.hpp"
#include "graph/ops/unary.hpp"

namespace settle::onnx {
namespace {

Value list_of(const std::vector<double>& numbers, ElementType type) {
  const Shape shape{static_cast<std::int64_t>(numbers.size())};
  return {constant(Tensor<double>(shape, numbers)), type};
}

// One of several attributes, the others since operator set 12.
Values constant_node(const NodeView& node) {
  if (const auto value = node.literal("value")) return {{constant(*value->values), value->type}};
  if (node.has_attribute("value_float")) return {{constant(node.number("value_float", 0)), ElementType::float32}};
  if (node.has_attribute("value_int"))
    return {{constant(static_cast<double>(node.integer("value_int", 0))), ElementType::int64}};
  if (node.has_attribute("value_floats")) return {list_of(node.numbers("value_floats"), ElementType::float32)};
  if (node.has_attribute("value_ints")) return {{integer_list(node.integers("value_ints")), ElementType::int64}};
  if (node.has_attribute("sparse_value")) node.unsupported("a sparse tensor");
  if (node.has_attribute("value_string") || node.has_attribute("value_strings")) node.unsupported("a constant text");
  node.invalid("it has no value");
}

Values constant_of_shape(const NodeView& node) {
  const std::vector<std::int64_t> extents = node.integers(0);
  for (const std::int64_t extent : extents)
    if (extent < 0) node.invalid("an extent cannot be " + std::to_string(extent));
  const auto value = node.literal("value");
  if (value && value->values->size() != 1) node.invalid("attribute 'value' must have one element");
  return {{filled(Shape(std::span<const std::int64_t>(extents)), value ? value->values->data()[0] : 0),
           value ? value->type : ElementType::float32}};
}

// start, start + delta, ... before limit: an expression, so that what it takes is counted before it is made.
Values range(const NodeView& node) {
  const double start = node.number(0), limit = node.number(1), delta = node.number(2);
  if (delta == 0) node.invalid("delta must not be 0");
  const double count = std::max(0.0, std::ceil((limit - start) / delta));
  if (!(count < std::pow(2.0, 31))) node.unsupported("a range of 2^31 elements or more");
  const ExpressionPtr steps = apply(cumsum_op(-1, true), {filled(Shape{static_cast<std::int64_t>(count)}, 1)});
  return {node.input(0).with(apply(add_op(), {constant(start), apply(mul_op(), {constant(delta), steps})}))};
}

// Numbers become integers by truncation and truth values by being other than 0. Between floating types, and from
// integers, nothing happens: all are kept in one precision.
Values converted(const NodeView& node, ElementType to) {
  if (!is_numeric(to)) node.unsupported("a cast to " + name_of(to));
  ExpressionPtr y = node[0];
  if (to == ElementType::boolean && node.input(0).type != ElementType::boolean)
    y = apply(abs_op(), {apply(sign_op(), {y})});
  else if (is_integer(to) && is_floating(node.input(0).type))
    y = truncated(y);
  return {{y, to}};
}

Values cast(const NodeView& node) { return converted(node, element_type(node.required_integer("to"))); }
Values cast_like(const NodeView& node) { return converted(node, node.input(1).type); }

constexpr Operator kOperators[] = {
    {.name = "Constant", .import = constant_node, .since = 1},
    {.name = "ConstantOfShape", .import = constant_of_shape, .since = 9},
    {.name = "Range", .import = range, .since = 11},
    {.name = "Cast", .import = cast, .since = 6},
    {.name = "CastLike", .import = cast_like, .since = 15},
};

}  // namespace

std::span<const Operator> constant_operators() { return kOperators; }

}  // namespace settle::onnx
