#include "graph/ops/power.hpp"

#include <cmath>
#include <sstream>

#include "graph/ops/binary.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/exact.hpp"

namespace settle {
namespace {

// d(a^b)/da, and d(a^b)/db from y = a^b. Where the limit is 0 the formula may say 0 * infinity.
template <class Scalar>
Scalar slope_to_base(Scalar a, Scalar b) {
  return b == 0 ? Scalar(0) : b * std::pow(a, b - 1);
}
template <class Scalar>
Scalar slope_to_exponent(Scalar a, Scalar b, Scalar y) {
  return a == 0 && b >= 0 ? Scalar(0) : y * std::log(a);
}

struct Pow {
  static constexpr std::string_view name = "pow";
  static constexpr std::string_view standard = "Pow";
  static constexpr double flops = 40;
  static auto value(const auto& a, const auto& b) {
    return a.binaryExpr(b, [](auto x, auto y) { return std::pow(x, y); });
  }
  static auto left(const auto& a, const auto& b, const auto&, const auto& g) {
    return g * a.binaryExpr(b, [](auto x, auto y) { return slope_to_base(x, y); });
  }
  static auto right(const auto& a, const auto& b, const auto&, const auto& g) {
    return g * a.binaryExpr(b, [](auto x, auto y) { return slope_to_exponent(x, y, std::pow(x, y)); });
  }
};

// Calls use(x^exponent) with an Eigen expression, the cheapest that is exact.
template <class Array, class Use>
void with_power(const Array& x, double exponent, Use&& use) {
  using Scalar = typename Array::Scalar;
  if (exponent == 0)
    use(Array::PlainObject::Constant(x.size(), Scalar(1)));
  else if (exponent == 1)
    use(x);
  else if (exponent == 2)
    use(x.square());
  else if (exponent == 3)
    use(x.cube());
  else if (exponent == 4)
    use(x.square().square());
  else if (exponent == -1)
    use(x.inverse());
  else if (exponent == -2)
    use(x.square().inverse());
  else if (exponent == 0.5)
    use(exact_sqrt(x));
  else if (exponent == -0.5)
    use(exact_sqrt(x).inverse());
  else
    use(x.unaryExpr([e = static_cast<Scalar>(exponent)](Scalar element) { return std::pow(element, e); }));
}

class Power final : public OpKernels<Power> {
 public:
  explicit Power(double exponent) : exponent_(exponent) {}

  std::string_view name() const override { return "power"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    return inputs[0];
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return (exponent_ == 2 ? 1 : 40) * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    return writer.node("Pow", {inputs[0].name, writer.number(exponent_)});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    with_power(array(inputs[0]), exponent_, [&](const auto& y) { array(output) = y; });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const auto factor = static_cast<Scalar>(exponent_);
    if (exponent_ == 0) {
      if (!call.accumulate) array(call.result).setZero();
      return;
    }
    with_power(array(call.inputs[0]), exponent_ - 1, [&](const auto& slope) {
      store(array(call.result), factor * array(call.adjoint) * slope, call.accumulate);
    });
  }

 private:
  double exponent_;
};

ExpressionPtr make_power(const Call& call) {
  return power(tensor_argument(call.arguments[0], "an argument of pow"),
               tensor_argument(call.arguments[1], "an argument of pow"));
}

GradientCase power_case(double exponent) {
  std::ostringstream name;
  name << "power " << exponent;
  GradientCase gradient_case{name.str(), power_op(exponent), {case_values("power", {3, 11}, 0.3, 1.5)}};
  if (std::trunc(exponent) == exponent) flip_every_other(gradient_case.inputs[0]);
  return gradient_case;
}

}  // namespace

OpPtr pow_op() { return std::make_shared<const Binary<Pow>>(); }
OpPtr power_op(double exponent) { return std::make_shared<const Power>(exponent); }

ExpressionPtr power(const ExpressionPtr& x, const ExpressionPtr& y) {
  if (y->kind == Expression::Kind::constant && y->shape.rank() == 0) return apply(power_op(*y->constant.data()), {x});
  return apply(pow_op(), {x, y});
}

OperatorFamily power_family() {
  OperatorFamily family;
  family.name = "power";
  family.functions.push_back({.name = "pow",
                              .signature = "pow(x, y)",
                              .min_arguments = 2,
                              .max_arguments = 2,
                              .keywords = {},
                              .make = make_power});
  for (const double exponent : {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, -1.0, -2.0, -3.0, 0.5, -0.5, 1.7})
    family.gradient_cases.push_back(power_case(exponent));
  add_broadcast_cases(family, pow_op());
  return family;
}

}  // namespace settle
