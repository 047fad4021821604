#include "graph/ops/arithmetic.hpp"

#include <cmath>

#include "graph/error.hpp"
#include "graph/ops/binary.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

struct Add {
  static constexpr std::string_view name = "add";
  static constexpr std::string_view standard = "Add";
  static constexpr bool passes_adjoint = true;
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

// a - b q for the whole number q that rounds a / b down (`mod`) or towards 0 (`fmod`).
struct Fmod {
  static constexpr std::string_view name = "fmod";
  static constexpr double flops = 20;
  static std::string write(StandardWriter& writer, const std::string& a, const std::string& b) {
    return writer.node("Mod", {a, b}, {{"fmod", std::int64_t{1}}});
  }
  static auto value(const auto& a, const auto& b) {
    return a.binaryExpr(b, [](auto x, auto y) { return std::fmod(x, y); });
  }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) {
    return -(g * a.binaryExpr(b, [](auto x, auto y) { return std::trunc(x / y); }));
  }
};

struct Mod {
  static constexpr std::string_view name = "mod";
  static constexpr double flops = 20;
  // The standard has Mod of this sign for whole numbers only.
  static std::string write(StandardWriter& writer, const std::string& a, const std::string& b) {
    return writer.node("Sub", {a, writer.node("Mul", {b, writer.node("Floor", {writer.node("Div", {a, b})})})});
  }
  static auto value(const auto& a, const auto& b) {
    return a.binaryExpr(b, [](auto x, auto y) {
      const auto rest = std::fmod(x, y);
      return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest;
    });
  }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return g; }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) {
    return -(g * a.binaryExpr(b, [](auto x, auto y) { return std::floor(x / y); }));
  }
};

// All four signs, away from whole quotients.
GradientCase mod_case(const OpPtr& op) {
  const std::string name = std::string(op->name()) + " of all signs";
  return {name,
          op,
          {Tensor<double>({6}, std::array{2.5, -2.5, 2.5, -2.5, 0.3, -7.2}),
           Tensor<double>({6}, std::array{1.5, 1.5, -1.5, -1.5, 4.0, 2.0})}};
}

}  // namespace

OpPtr add_op() { return binary<Add>(); }
OpPtr sub_op() { return binary<Sub>(); }
OpPtr mul_op() { return binary<Mul>(); }
OpPtr div_op() { return binary<Div>(); }
OpPtr min_op() { return binary<Min>(); }
OpPtr max_op() { return binary<Max>(); }
OpPtr mod_op() { return binary<Mod>(); }
OpPtr fmod_op() { return binary<Fmod>(); }

ExpressionPtr folded(const OpPtr& op, std::span<const ExpressionPtr> terms) {
  if (terms.empty()) throw BadConfig(std::string(op->name()) + " needs at least one tensor");
  ExpressionPtr result = terms[0];
  for (const ExpressionPtr& term : terms.subspan(1)) result = apply(op, {result, term});
  return result;
}

OperatorFamily arithmetic_family() {
  OperatorFamily family;
  family.name = "arithmetic";
  family.functions = {plain_function("mod", mod_op(), 2), plain_function("fmod", fmod_op(), 2)};
  for (const OpPtr& op : {add_op(), sub_op(), mul_op(), div_op(), min_op(), max_op(), mod_op(), fmod_op()})
    add_broadcast_cases(family, op);
  for (const OpPtr& op : {mod_op(), fmod_op()}) family.gradient_cases.push_back(mod_case(op));
  return family;
}

}  // namespace settle
