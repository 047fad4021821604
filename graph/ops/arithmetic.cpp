#include "graph/ops/arithmetic.hpp"

#include "graph/ops/binary.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

struct Add {
  static constexpr std::string_view name = "add";
  static constexpr std::string_view standard = "Add";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a + b; }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto&, const auto&, const auto&, const auto& g) { return g; }
};

struct Sub {
  static constexpr std::string_view name = "sub";
  static constexpr std::string_view standard = "Sub";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a - b; }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto&, const auto&, const auto&, const auto& g) { return -g; }
};

struct Mul {
  static constexpr std::string_view name = "mul";
  static constexpr std::string_view standard = "Mul";
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return a * b; }
  static auto left(const auto&, const auto& b, const auto&, const auto& g) { return g * b; }
  static auto right(const auto& a, const auto&, const auto&, const auto& g) { return g * a; }
};

struct Div {
  static constexpr std::string_view name = "div";
  static constexpr std::string_view standard = "Div";
  static constexpr double flops = 4;
  static auto value(const auto& a, const auto& b) { return a / b; }
  static auto left(const auto&, const auto& b, const auto&, const auto& g) { return g / b; }
  static auto right(const auto&, const auto& b, const auto& y, const auto& g) { return -(g * y / b); }
};

// Both let a NaN operand through: a diverged vertex must not pass for a settled one.
struct Min {
  static constexpr std::string_view name = "min";
  static constexpr std::string_view standard = "Min";
  static constexpr double flops = 1;
  static auto first(const auto& a, const auto& b) { return a <= b || a != a; }
  static auto value(const auto& a, const auto& b) { return first(a, b).select(a, b); }
  static auto left(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(g, 0); }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(0, g); }
};

struct Max {
  static constexpr std::string_view name = "max";
  static constexpr std::string_view standard = "Max";
  static constexpr double flops = 1;
  static auto first(const auto& a, const auto& b) { return a >= b || a != a; }
  static auto value(const auto& a, const auto& b) { return first(a, b).select(a, b); }
  static auto left(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(g, 0); }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) { return first(a, b).select(0, g); }
};

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
  for (const OpPtr& op : {add_op(), sub_op(), mul_op(), div_op(), min_op(), max_op()}) add_broadcast_cases(family, op);
  return family;
}

}  // namespace settle
