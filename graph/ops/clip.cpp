#include "graph/ops/clip.hpp"

#include <cmath>
#include <limits>

#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

struct Clip {
  static constexpr std::string_view name = "clip";
  std::string write(StandardWriter& writer, const std::string& x) const {
    const auto bound = [&writer](double value) { return std::isfinite(value) ? writer.number(value) : std::string(); };
    return writer.node("Clip", {x, bound(min), bound(max)});
  }
  static constexpr double flops = 2;
  double min;
  double max;
  auto value(const auto& x) const { return at_most(at_least(x, min), max); }
  auto adjoint(const auto& x, const auto&, const auto& g) const {
    return (x >= as_scalar_of(x, min) && x <= as_scalar_of(x, max)).select(g, 0);
  }
};

ExpressionPtr make_clip(const Call& call) {
  const auto bound = [&call](const std::string& name) -> std::optional<double> {
    if (!call.named.contains(name)) return {};
    return named_number(call, name, 0);
  };
  if (call.named.empty()) throw BadConfig("clip needs min=NUMBER, max=NUMBER or both");
  return apply(clip_op(bound("min"), bound("max")), {tensor_argument(call.arguments[0], "an argument of clip")});
}

}  // namespace

OpPtr clip_op(std::optional<double> min, std::optional<double> max) {
  constexpr double infinity = std::numeric_limits<double>::infinity();
  return unary(Clip{min.value_or(-infinity), max.value_or(infinity)});
}

OperatorFamily clip_family() {
  OperatorFamily family;
  family.name = "clip";
  family.functions.push_back({.name = "clip",
                              .signature = "clip(x, min=NUMBER, max=NUMBER)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"min", "max"},
                              .make = make_clip});
  const auto check = [&family](const std::string& name, const OpPtr& op) {
    family.gradient_cases.push_back(case_at(name, op, {-2, -1.1, -0.9, -0.1, 0.1, 0.4, 0.6, 0.9, 1.1, 2}));
  };
  check("clip", clip_op(-1, 0.5));
  check("clip from below", clip_op(-1, {}));
  check("clip from above", clip_op({}, 0.5));
  check("clip with no bound", clip_op({}, {}));
  check("clip with crossed bounds", clip_op(1, -1));
  return family;
}

}  // namespace settle
