#include "graph/ops/prelu.hpp"

#include "graph/ops/binary.hpp"
#include "graph/ops/cases.hpp"

namespace settle {
namespace {

struct PRelu {
  static constexpr std::string_view name = "prelu";
  static constexpr std::string_view standard = "PRelu";
  static constexpr double flops = 2;
  static auto value(const auto& x, const auto& slope) { return (x > 0).select(x, slope * x); }
  static auto left(const auto& x, const auto& slope, const auto&, const auto& g) {
    return (x > 0).select(g, slope * g);
  }
  static auto right(const auto& x, const auto&, const auto&, const auto& g) { return (x > 0).select(0, x * g); }
};

GradientCase prelu_case(const Shape& slope) {
  const std::string name = "prelu with slope " + slope.to_string();
  GradientCase prelu_case{name, prelu_op(), {case_values(name, {2, 3, 4}, 0.1, 2), case_values("slope", slope)}};
  flip_every_other(prelu_case.inputs[0]);
  return prelu_case;
}

}  // namespace

OpPtr prelu_op() {
  static const OpPtr instance = std::make_shared<const Binary<PRelu>>();
  return instance;
}

OperatorFamily prelu_family() {
  OperatorFamily family;
  family.name = "prelu";
  family.functions = {plain_function("prelu", prelu_op(), 2)};
  for (const Shape& slope : {Shape{}, Shape{3, 1}, Shape{4}, Shape{2, 3, 4}})
    family.gradient_cases.push_back(prelu_case(slope));
  return family;
}

}  // namespace settle
