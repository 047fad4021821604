#include "graph/ops/elementary.hpp"

#include <numbers>
#include <unsupported/Eigen/SpecialFunctions>

#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/exact.hpp"

namespace settle {
namespace {

struct Sinh {
  static constexpr std::string_view name = "sinh";
  static constexpr std::string_view standard = "Sinh";
  static constexpr double flops = 40;
  static auto value(const auto& x) { return x.sinh(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * x.cosh(); }
};

struct Cosh {
  static constexpr std::string_view name = "cosh";
  static constexpr std::string_view standard = "Cosh";
  static constexpr double flops = 40;
  static auto value(const auto& x) { return x.cosh(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * x.sinh(); }
};

struct Asin {
  static constexpr std::string_view name = "asin";
  static constexpr std::string_view standard = "Asin";
  static constexpr double flops = 30;
  static auto value(const auto& x) { return x.asin(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / exact_sqrt((1 - x) * (1 + x)); }
};

struct Acos {
  static constexpr std::string_view name = "acos";
  static constexpr std::string_view standard = "Acos";
  static constexpr double flops = 30;
  static auto value(const auto& x) { return x.acos(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return -(g / exact_sqrt((1 - x) * (1 + x))); }
};

struct Atan {
  static constexpr std::string_view name = "atan";
  static constexpr std::string_view standard = "Atan";
  static constexpr double flops = 30;
  static auto value(const auto& x) { return x.atan(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / (1 + x.square()); }
};

struct Asinh {
  static constexpr std::string_view name = "asinh";
  static constexpr std::string_view standard = "Asinh";
  static constexpr double flops = 40;
  static auto value(const auto& x) { return x.asinh(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / exact_sqrt(1 + x.square()); }
};

struct Acosh {
  static constexpr std::string_view name = "acosh";
  static constexpr std::string_view standard = "Acosh";
  static constexpr double flops = 40;
  static auto value(const auto& x) { return x.acosh(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / exact_sqrt((x - 1) * (x + 1)); }
};

struct Atanh {
  static constexpr std::string_view name = "atanh";
  static constexpr std::string_view standard = "Atanh";
  static constexpr double flops = 40;
  static auto value(const auto& x) { return x.atanh(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / ((1 - x) * (1 + x)); }
};

struct Sign {
  static constexpr std::string_view name = "sign";
  static constexpr std::string_view standard = "Sign";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return (x > 0).select(1, (x < 0).select(-1, x)); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return constant_like(g, 0); }
};

struct Floor {
  static constexpr std::string_view name = "floor";
  static constexpr std::string_view standard = "Floor";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return x.floor(); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return constant_like(g, 0); }
};

struct Ceil {
  static constexpr std::string_view name = "ceil";
  static constexpr std::string_view standard = "Ceil";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return x.ceil(); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return constant_like(g, 0); }
};

struct Round {
  static constexpr std::string_view name = "round";
  static constexpr std::string_view standard = "Round";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return x.rint(); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return constant_like(g, 0); }
};

struct Erf {
  static constexpr std::string_view name = "erf";
  static constexpr std::string_view standard = "Erf";
  static constexpr double flops = 25;
  static auto value(const auto& x) { return x.erf(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) {
    return g * as_scalar_of(x, 2 * std::numbers::inv_sqrtpi) * (-x.square()).exp();
  }
};

struct Reciprocal {
  static constexpr std::string_view name = "reciprocal";
  static constexpr std::string_view standard = "Reciprocal";
  static constexpr double flops = 4;
  static auto value(const auto& x) { return x.inverse(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return -(g * y.square()); }
};

struct Log1p {
  static constexpr std::string_view name = "log1p";
  static std::string write(StandardWriter& writer, const std::string& x) {
    return writer.node("Log", {writer.node("Add", {x, writer.number(1)})});
  }
  static constexpr double flops = 15;
  static auto value(const auto& x) { return x.log1p(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / (1 + x); }
};

struct Expm1 {
  static constexpr std::string_view name = "expm1";
  static std::string write(StandardWriter& writer, const std::string& x) {
    return writer.node("Sub", {writer.node("Exp", {x}), writer.number(1)});
  }
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.expm1(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * x.exp(); }
};

}  // namespace

OpPtr sinh_op() { return unary<Sinh>(); }
OpPtr cosh_op() { return unary<Cosh>(); }
OpPtr asin_op() { return unary<Asin>(); }
OpPtr acos_op() { return unary<Acos>(); }
OpPtr atan_op() { return unary<Atan>(); }
OpPtr asinh_op() { return unary<Asinh>(); }
OpPtr acosh_op() { return unary<Acosh>(); }
OpPtr atanh_op() { return unary<Atanh>(); }
OpPtr sign_op() { return unary<Sign>(); }
OpPtr floor_op() { return unary<Floor>(); }
OpPtr ceil_op() { return unary<Ceil>(); }
OpPtr round_op() { return unary<Round>(); }
OpPtr erf_op() { return unary<Erf>(); }
OpPtr reciprocal_op() { return unary<Reciprocal>(); }
OpPtr log1p_op() { return unary<Log1p>(); }
OpPtr expm1_op() { return unary<Expm1>(); }

OperatorFamily elementary_family() {
  OperatorFamily family;
  family.name = "elementary";
  const auto offer = [&family](const OpPtr& op, double low, double high) {
    family.functions.push_back(plain_function(std::string(op->name()), op, 1));
    family.gradient_cases.push_back(case_between(op, low, high));
  };
  for (const OpPtr& op : {sinh_op(), cosh_op(), atan_op(), asinh_op(), erf_op(), expm1_op()}) offer(op, -2, 2);
  for (const OpPtr& op : {asin_op(), acos_op(), atanh_op(), log1p_op()}) offer(op, -0.8, 0.8);
  offer(acosh_op(), 1.2, 3);
  offer(reciprocal_op(), 0.5, 2);
  family.gradient_cases.push_back(case_between(reciprocal_op(), -2, -0.5));
  // On every side of the steps at whole and at half numbers.
  for (const OpPtr& op : {sign_op(), floor_op(), ceil_op(), round_op()}) {
    family.functions.push_back(plain_function(std::string(op->name()), op, 1));
    family.gradient_cases.push_back(
        case_at(std::string(op->name()), op, {-1.6, -1.4, -1.1, -0.9, -0.1, 0.1, 0.4, 0.6, 0.9, 1.1}));
  }
  return family;
}

}  // namespace settle
