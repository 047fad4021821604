#include "graph/ops/arithmetic.hpp"

#include "graph/ops/binary.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

struct Add {
  static constexpr std::string_view name = "add";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a + b; }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto&, const auto&, const auto&, const auto& g) { return g; }
};

struct Sub {
  static constexpr std::string_view name = "sub";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a - b; }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto&, const auto&, const auto&, const auto& g) { return -g; }
};

struct Mul {
  static constexpr std::string_view name = "mul";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a * b; }
  static auto left(const auto&, const auto& b, const auto&, const auto& g) { return g * b; }
  static auto right(const auto& a, const auto&, const auto&, const auto& g) { return g * a; }
};

struct Div {
  static constexpr std::string_view name = "div";
  static constexpr double flops = 4;
  static auto value(const auto& a, const auto& b) { return a / b; }
  static auto left(const auto&, const auto& b, const auto&, const auto& g) { return g / b; }
  static auto right(const auto&, const auto& b, const auto& y, const auto& g) { return -(g * y / b); }
};

// Both let a NaN operand through: a diverged vertex must not pass for a settled one.
struct Min {
  static constexpr std::string_view name = "min";
  static constexpr double flops = 1;
  static auto first(const auto& a, const auto& b) { return a <= b || a != a; }
  static auto value(const auto& a, const auto& b) { return first(a, b).select(a, b); }
  static auto left(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(g, 0); }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(0, g); }
};

struct Max {
  static constexpr std::string_view name = "max";
  static constexpr double flops = 1;
  static auto first(const auto& a, const auto& b) { return a >= b || a != a; }
  static auto value(const auto& a, const auto& b) { return first(a, b).select(a, b); }
  static auto left(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(g, 0); }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(0, g); }
};

// Equal shapes, a row, a column, a scalar on either side, and axes that take turns.
const std::pair<Shape, Shape> broadcast_pairs[] = {
    {{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{4}, {3, 4}}, {{3, 4}, {3, 1}}, {{}, {3, 4}}, {{2, 1, 3}, {2, 4, 1}}, {{}, {}},
};

// The first operand lies on (0.5, 1.5) or beyond 2, the second on (1.5, 2): away from 0 and on both sides of a tie.
GradientCase binary_case(const OpPtr& op, const Shape& a, const Shape& b) {
  GradientCase gradient_case;
  gradient_case.name = std::string(op->name()) + " " + a.to_string() + " " + b.to_string();
  gradient_case.op = op;
  gradient_case.inputs = {case_values(gradient_case.name, a, 0.5, 1.4), case_values("other", b, 1.5, 2)};
  for (std::int64_t i = 0; i < a.size(); i += 2) gradient_case.inputs[0].data()[i] += 2;
  return gradient_case;
}

}  // namespace

OpPtr add_op() { return std::make_shared<const Binary<Add>>(); }
OpPtr sub_op() { return std::make_shared<const Binary<Sub>>(); }
OpPtr mul_op() { return std::make_shared<const Binary<Mul>>(); }
OpPtr div_op() { return std::make_shared<const Binary<Div>>(); }
OpPtr min_op() { return std::make_shared<const Binary<Min>>(); }
OpPtr max_op() { return std::make_shared<const Binary<Max>>(); }

OperatorFamily arithmetic_family() {
  OperatorFamily family;
  family.name = "arithmetic";
  family.functions = {plain_function("min", min_op(), 2), plain_function("max", max_op(), 2)};
  for (const OpPtr& op : {add_op(), sub_op(), mul_op(), div_op(), min_op(), max_op()})
    for (const auto& [a, b] : broadcast_pairs) family.gradient_cases.push_back(binary_case(op, a, b));
  return family;
}

}  // namespace settle
