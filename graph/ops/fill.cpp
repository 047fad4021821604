#include "graph/ops/fill.hpp"

#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/repeat.hpp"

namespace settle {
namespace {

// The extents are the arguments from number `first` on.
ExpressionPtr filled(const ExpressionPtr& value, const Call& call, std::size_t first) {
  std::vector<std::int64_t> extents;
  for (std::size_t k = first; k < call.arguments.size(); ++k) {
    extents.push_back(integer_argument(call.arguments[k], "an extent"));
    if (extents.back() < 1) throw BadConfig("an extent is at least 1, not " + std::to_string(extents.back()));
  }
  return apply(expand_op(std::move(extents)), {value});
}

FunctionSpec filled_with(const std::string& name, double value) {
  FunctionSpec spec;
  spec.name = name;
  spec.signature = name + "(EXTENT, ...)";
  spec.min_arguments = 1;
  spec.max_arguments = Shape::kMaxRank;
  spec.make = [value](const Call& call) { return filled(constant(value), call, 0); };
  return spec;
}

FunctionSpec fill() {
  FunctionSpec spec;
  spec.name = "fill";
  spec.signature = "fill(NUMBER, EXTENT, ...)";
  spec.min_arguments = 2;
  spec.max_arguments = 1 + Shape::kMaxRank;
  spec.make = [](const Call& call) {
    return filled(constant(number_argument(call.arguments[0], "what fill fills with")), call, 1);
  };
  return spec;
}

}  // namespace

OperatorFamily fill_family() {
  OperatorFamily family;
  family.name = "fill";
  family.functions = {filled_with("zeros", 0), filled_with("ones", 1), fill()};
  family.gradient_cases = {{"fill", expand_op({2, 3}), {case_values("fill", {})}}};
  return family;
}

}  // namespace settle
