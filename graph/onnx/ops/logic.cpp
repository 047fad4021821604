// Comparisons and logic, whose results are truth values, and what is chosen by them.
#include "graph/ops/logic.hpp"

#include <limits>

#include "graph/onnx/ops/list.hpp"
#include "graph/ops/where.hpp"

namespace settle::onnx {
namespace {

template <OpPtr (*Make)()>
Values truth(const NodeView& node) {
  return {{apply(Make(), node.all()), ElementType::boolean}};
}

Values is_inf(const NodeView& node) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  const auto is = [&](double value) { return apply(equal_op(), {node[0], constant(value)}); };
  const bool negative = node.flag("detect_negative", true);
  const bool positive = node.flag("detect_positive", true);
  if (negative && positive) return {{apply(logical_or_op(), {is(-infinity), is(infinity)}), ElementType::boolean}};
  // With neither, nothing is sought: NaN equals nothing.
  const double sought = positive ? infinity : negative ? -infinity : std::numeric_limits<double>::quiet_NaN();
  return {{is(sought), ElementType::boolean}};
}

Values where(const NodeView& node) { return {node.input(1).with(apply(where_op(), node.all()))}; }

// What lies on one side of a diagonal of the last two axes.
Values trilu(const NodeView& node) {
  const std::int64_t diagonal = node.has(1) ? node.integer(1) : 0;
  return {node.input(0).with(triangle(node[0], node.flag("upper", true), diagonal))};
}

constexpr Operator kOperators[] = {
    {.name = "Equal", .import = truth<equal_op>},
    {.name = "Greater", .import = truth<greater_op>},
    {.name = "GreaterOrEqual", .import = truth<greater_equal_op>, .since = 12},
    {.name = "Less", .import = truth<less_op>},
    {.name = "LessOrEqual", .import = truth<less_equal_op>, .since = 12},
    {.name = "And", .import = truth<logical_and_op>},
    {.name = "Or", .import = truth<logical_or_op>},
    {.name = "Xor", .import = truth<logical_xor_op>},
    {.name = "Not", .import = truth<logical_not_op>, .since = 1},
    {.name = "IsNaN", .import = truth<is_nan_op>, .since = 9},
    {.name = "IsInf", .import = is_inf, .since = 10},
    {.name = "Where", .import = where, .since = 9},
    {.name = "Trilu", .import = trilu, .since = 14},
};

}  // namespace

std::span<const Operator> logic_operators() { return kOperators; }

}  // namespace settle::onnx
