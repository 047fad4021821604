#include "graph/ops/unary.hpp"

#include "graph/eigen.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

// `F` is a small struct: name, flops (per element), value(x) and adjoint(x, y, g) over Eigen arrays.
template <class F>
class Unary final : public OpKernels<Unary<F>> {
 public:
  std::string_view name() const override { return F::name; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(F::name, inputs, 1);
    return inputs[0];
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return F::flops * static_cast<double>(output.size());
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output) = F::value(array(inputs[0]));
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    store(array(call.result), F::adjoint(array(call.inputs[0]), array(call.output), array(call.adjoint)),
          call.accumulate);
  }
};

struct Identity {
  static constexpr std::string_view name = "identity";
  static constexpr double flops = 0;
  static auto value(const auto& x) { return x; }
  static auto adjoint(const auto&, const auto&, const auto& g) { return g; }
};

struct Neg {
  static constexpr std::string_view name = "neg";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return -x; }
  static auto adjoint(const auto&, const auto&, const auto& g) { return -g; }
};

struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.tanh(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g - g * y * y; }
};

struct Relu {
  static constexpr std::string_view name = "relu";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return (x < 0).select(0, x); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return (y > 0).select(g, 0); }
};

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.logistic(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g * y * (1 - y); }
};

template <class F>
OpPtr unary() {
  return std::make_shared<const Unary<F>>();
}

// Both signs where the function takes them; never within 0.05 of 0, the only kink.
GradientCase unary_case(const OpPtr& op, bool both_signs) {
  GradientCase gradient_case{std::string(op->name()), op, {case_values(op->name(), {3, 11}, 0.05, 1.4)}};
  if (both_signs)
    for (std::int64_t i = 0; i < gradient_case.inputs[0].size(); i += 2) gradient_case.inputs[0].data()[i] *= -1;
  return gradient_case;
}

}  // namespace

OpPtr identity_op() { return unary<Identity>(); }
OpPtr neg_op() { return unary<Neg>(); }
OpPtr tanh_op() { return unary<Tanh>(); }
OpPtr relu_op() { return unary<Relu>(); }
OpPtr sigmoid_op() { return unary<Sigmoid>(); }

OperatorFamily unary_family() {
  OperatorFamily family;
  family.name = "unary";
  for (const OpPtr& op : {tanh_op(), relu_op(), sigmoid_op()})
    family.functions.push_back(plain_function(std::string(op->name()), op, 1));
  for (const OpPtr& op : {identity_op(), neg_op(), tanh_op(), relu_op(), sigmoid_op()})
    family.gradient_cases.push_back(unary_case(op, true));
  return family;
}

}  // namespace settle
