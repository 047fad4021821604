#include "graph/ops/cases.hpp"

#include "graph/random.hpp"

namespace settle {
namespace {

// Equal shapes, a row, a column, a scalar on either side, and axes that take turns.
const std::pair<Shape, Shape> broadcast_pairs[] = {
    {{3, 4}, {3, 4}}, {{3, 4}, {4}}, {{4}, {3, 4}}, {{3, 4}, {3, 1}}, {{}, {3, 4}}, {{2, 1, 3}, {2, 4, 1}}, {{}, {}},
};

GradientCase binary_case(const OpPtr& op, const Shape& a, const Shape& b) {
  GradientCase gradient_case;
  gradient_case.name = std::string(op->name()) + " " + a.to_string() + " " + b.to_string();
  gradient_case.op = op;
  gradient_case.inputs = {case_values(gradient_case.name, a, 0.5, 1.4), case_values("other", b, 1.5, 2)};
  for (std::int64_t i = 0; i < a.size(); i += 2) gradient_case.inputs[0].data()[i] += 2;
  return gradient_case;
}

}  // namespace

Tensor<double> case_values(std::string_view name, const Shape& shape, double low, double high) {
  Tensor<double> values(shape);
  RandomStream stream(0, name, "gradient case");
  for (double& x : values.flat()) x = low + (high - low) * stream.uniform();
  return values;
}

void flip_every_other(Tensor<double>& values) {
  for (std::int64_t i = 0; i < values.size(); i += 2) values.data()[i] *= -1;
}

GradientCase case_between(const OpPtr& op, double low, double high) {
  return {std::string(op->name()), op, {case_values(op->name(), {3, 11}, low, high)}};
}

GradientCase case_at(const std::string& name, const OpPtr& op, std::initializer_list<double> points) {
  const Shape shape{static_cast<std::int64_t>(points.size())};
  return {name, op, {Tensor<double>(shape, std::span<const double>(points.begin(), points.size()))}};
}

void add_broadcast_cases(OperatorFamily& family, const OpPtr& op) {
  for (const auto& [a, b] : broadcast_pairs) family.gradient_cases.push_back(binary_case(op, a, b));
}

}  // namespace settle
