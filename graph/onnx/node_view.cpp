#include "graph/onnx/node_view.hpp"

#include <cmath>

#include "graph/onnx/error.hpp"

namespace settle::onnx {

std::int64_t rounded_integer(double x) {
  constexpr double limit = 9223372036854775808.0;  // 2^63
  if (std::isnan(x)) return 0;
  if (x >= limit) return std::numeric_limits<std::int64_t>::max();
  if (x < -limit) return std::numeric_limits<std::int64_t>::min();
  return static_cast<std::int64_t>(x);
}

const Value& NodeView::input(std::size_t k) const {
  if (!has(k)) invalid("input " + std::to_string(k) + " is missing");
  return *inputs_[k];
}

std::vector<ExpressionPtr> NodeView::all() const {
  std::vector<ExpressionPtr> expressions;
  for (std::size_t k = 0; k < inputs_.size(); ++k) expressions.push_back(input(k).expression);
  return expressions;
}

Tensor<double> NodeView::elements(std::size_t k) const {
  std::optional<Tensor<double>> known = known_(input(k).expression);
  if (!known)
    unsupported(
        "input " + std::to_string(k) + " ('" + node_.inputs[k] +
        "') depends on the model's data; here it must be a constant, an initialiser or an input whose data are given");
  return std::move(*known);
}

std::vector<std::int64_t> NodeView::integers(std::size_t k) const {
  const Tensor<double> values = elements(k);
  if (values.shape().rank() > 1) invalid("input " + std::to_string(k) + " must be a list of integers");
  std::vector<std::int64_t> list;
  for (const double x : values.flat()) list.push_back(rounded_integer(x));
  return list;
}

double NodeView::number(std::size_t k) const {
  const Tensor<double> values = elements(k);
  if (values.size() != 1)
    invalid("input " + std::to_string(k) + " must have one element, not shape " + values.shape().to_string());
  return values.data()[0];
}

std::optional<double> NodeView::known_number(std::size_t k) const {
  const std::optional<Tensor<double>> known = known_(input(k).expression);
  if (!known || known->size() != 1) return std::nullopt;
  return known->data()[0];
}

std::int64_t NodeView::integer(std::size_t k) const { return rounded_integer(number(k)); }

ExpressionPtr NodeView::frozen(std::size_t k) const {
  std::optional<Tensor<double>> known = known_(input(k).expression);
  return known ? constant(std::move(*known)) : input(k).expression;
}

const Attribute* NodeView::attribute(std::string_view name) const {
  const auto found = node_.attributes.find(std::string(name));
  return found == node_.attributes.end() ? nullptr : &found->second;
}

template <class Kind>
const Kind* NodeView::attribute_of(std::string_view name, const char* kind) const {
  const Attribute* found = attribute(name);
  if (found == nullptr) return nullptr;
  const auto* value = std::get_if<Kind>(found);
  if (value == nullptr) invalid("attribute '" + std::string(name) + "' must be " + kind);
  return value;
}

std::int64_t NodeView::integer(std::string_view name, std::int64_t fallback) const {
  const auto* value = attribute_of<std::int64_t>(name, "an integer");
  return value ? *value : fallback;
}

double NodeView::number(std::string_view name, double fallback) const {
  const auto* value = attribute_of<double>(name, "a number");
  return value ? *value : fallback;
}

std::string NodeView::text(std::string_view name, const std::string& fallback) const {
  const auto* value = attribute_of<std::string>(name, "a string");
  return value ? *value : fallback;
}

std::vector<std::int64_t> NodeView::integers(std::string_view name) const {
  const auto* value = attribute_of<std::vector<std::int64_t>>(name, "a list of integers");
  return value ? *value : std::vector<std::int64_t>();
}

std::vector<double> NodeView::numbers(std::string_view name) const {
  const auto* value = attribute_of<std::vector<double>>(name, "a list of numbers");
  return value ? *value : std::vector<double>();
}

std::vector<std::string> NodeView::texts(std::string_view name) const {
  const auto* value = attribute_of<std::vector<std::string>>(name, "a list of strings");
  return value ? *value : std::vector<std::string>();
}

std::optional<Literal> NodeView::literal(std::string_view name) const {
  const auto* value = attribute_of<Literal>(name, "a tensor");
  if (value == nullptr) return std::nullopt;
  if (!value->values) unsupported("attribute '" + std::string(name) + "' is a tensor of " + name_of(value->type));
  return *value;
}

std::int64_t NodeView::required_integer(std::string_view name) const {
  if (!has_attribute(name)) invalid("attribute '" + std::string(name) + "' is missing");
  return integer(name, 0);
}

std::optional<std::vector<std::int64_t>> NodeView::list(std::string_view name, std::size_t k,
                                                        std::int64_t since) const {
  if (opset_ >= since) {
    if (!has(k)) return std::nullopt;
    return integers(k);
  }
  if (!has_attribute(name)) return std::nullopt;
  return integers(name);
}

std::int64_t NodeView::axis_from_end(std::int64_t axis, std::size_t rank) const {
  const auto axes = static_cast<std::int64_t>(rank);
  if (axis < -axes || axis >= axes)
    invalid("axis " + std::to_string(axis) + " is not one of " + std::to_string(axes) + " axes");
  return axis < 0 ? axis : axis - axes;
}

std::vector<std::int64_t> NodeView::axes_from_end(const std::vector<std::int64_t>& axes, std::size_t rank) const {
  std::vector<std::int64_t> from_end;
  for (const std::int64_t axis : axes) from_end.push_back(axis_from_end(axis, rank));
  return from_end;
}

void NodeView::unsupported(const std::string& what) const { throw Unsupported(what); }
void NodeView::invalid(const std::string& what) const { throw BadConfig(what); }

}  // namespace settle::onnx
