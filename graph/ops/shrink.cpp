#include "graph/ops/shrink.hpp"

#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

struct Shrink {
  static constexpr std::string_view name = "shrink";
  static constexpr double flops = 3;
  double lambda;
  double bias;
  auto value(const auto& x) const {
    return (x.abs() <= as_scalar_of(x, lambda))
        .select(0, (x > 0).select(x - as_scalar_of(x, bias), x + as_scalar_of(x, bias)));
  }
  auto adjoint(const auto& x, const auto&, const auto& g) const {
    return (x.abs() <= as_scalar_of(x, lambda)).select(0, g);
  }
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("Shrink", {x}, {{"lambd", lambda}, {"bias", bias}});
  }
};

ExpressionPtr make_shrink(const Call& call) {
  return apply(shrink_op(named_number(call, "lambda", 0.5), named_number(call, "bias", 0)),
               {tensor_argument(call.arguments[0], "an argument of shrink")});
}

}  // namespace

OpPtr shrink_op(double lambda, double bias) { return unary(Shrink{lambda, bias}); }

OperatorFamily shrink_family() {
  OperatorFamily family;
  family.name = "shrink";
  family.functions.push_back({.name = "shrink",
                              .signature = "shrink(x, lambda=0.5, bias=0)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"lambda", "bias"},
                              .make = make_shrink});
  const std::initializer_list<double> points{-2, -1.6, -1.4, -0.6, -0.4, 0.4, 0.6, 1.4, 1.6, 2};
  family.gradient_cases = {case_at("shrink", shrink_op(), points),
                           case_at("shrink, lambda 1.5, bias 1.5", shrink_op(1.5, 1.5), points)};
  return family;
}

}  // namespace settle
