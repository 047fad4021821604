#include "graph/ops/activations.hpp"

#include <numbers>
#include <sstream>
#include <unsupported/Eigen/SpecialFunctions>

#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

struct LeakyRelu {
  static constexpr std::string_view name = "leaky_relu";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("LeakyRelu", {x}, {{"alpha", alpha}});
  }
  static constexpr double flops = 2;
  double alpha;
  auto slope(const auto& x) const { return one_where_positive(x, constant_like(x, alpha)); }
  auto value(const auto& x) const { return x * slope(x); }
  auto adjoint(const auto& x, const auto&, const auto& g) const { return g * slope(x); }
};

struct ThresholdedRelu {
  static constexpr std::string_view name = "thresholded_relu";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("ThresholdedRelu", {x}, {{"alpha", alpha}});
  }
  static constexpr double flops = 1;
  double alpha;
  // In this order a NaN stays.
  auto value(const auto& x) const { return (x <= as_scalar_of(x, alpha)).select(0, x); }
  auto adjoint(const auto& x, const auto&, const auto& g) const { return (x > as_scalar_of(x, alpha)).select(g, 0); }
};

// gamma (x > 0 ? x : alpha (exp(x / width) - 1)): elu, celu and selu.
struct ExponentialUnit {
  static constexpr double flops = 25;
  double alpha;
  double width;
  double gamma;
  auto value(const auto& x) const {
    return as_scalar_of(x, gamma) *
           (at_least(x, 0) + as_scalar_of(x, alpha) * (at_most(x, 0) / as_scalar_of(x, width)).expm1());
  }
  auto adjoint(const auto& x, const auto&, const auto& g) const {
    const auto falling = as_scalar_of(x, alpha / width) * (at_most(x, 0) / as_scalar_of(x, width)).exp();
    return as_scalar_of(x, gamma) * g * one_where_positive(x, falling);
  }
};
struct Elu : ExponentialUnit {
  static constexpr std::string_view name = "elu";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("Elu", {x}, {{"alpha", alpha}});
  }
};
struct Celu : ExponentialUnit {
  static constexpr std::string_view name = "celu";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("Celu", {x}, {{"alpha", alpha}});
  }
};
struct Selu : ExponentialUnit {
  static constexpr std::string_view name = "selu";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("Selu", {x}, {{"alpha", alpha}, {"gamma", gamma}});
  }
};

struct Swish {
  static constexpr std::string_view name = "swish";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("Mul", {x, writer.node("Sigmoid", {writer.node("Mul", {x, writer.number(alpha)})})});
  }
  static constexpr double flops = 20;
  double alpha;
  auto value(const auto& x) const { return x * sigmoid(as_scalar_of(x, alpha) * x); }
  auto adjoint(const auto& x, const auto&, const auto& g) const {
    const auto scaled = as_scalar_of(x, alpha) * x;
    return g * sigmoid(scaled) * (1 + scaled * sigmoid(-scaled));
  }
};

struct HardSigmoid {
  static constexpr std::string_view name = "hard_sigmoid";
  std::string write(StandardWriter& writer, const std::string& x) const {
    return writer.node("HardSigmoid", {x}, {{"alpha", alpha}, {"beta", beta}});
  }
  static constexpr double flops = 4;
  double alpha;
  double beta;
  auto value(const auto& x) const {
    return at_most(at_least(as_scalar_of(x, alpha) * x + as_scalar_of(x, beta), 0), 1);
  }
  auto adjoint(const auto&, const auto& y, const auto& g) const {
    return (y > 0 && y < 1).select(as_scalar_of(y, alpha) * g, 0);
  }
};

struct HardSwish {
  static constexpr std::string_view name = "hard_swish";
  static constexpr std::string_view standard = "HardSwish";
  static constexpr double flops = 5;
  static auto value(const auto& x) { return x * HardSigmoid{1.0 / 6, 0.5}.value(x); }
  static auto adjoint(const auto& x, const auto&, const auto& g) {
    return (x >= 3).select(g, (x > -3).select(g * (x * as_scalar_of(x, 1.0 / 3) + as_scalar_of(x, 0.5)), 0));
  }
};

struct Gelu {
  static constexpr std::string_view name = "gelu";
  static std::string write(StandardWriter& writer, const std::string& x) {
    const std::string scaled = writer.node("Mul", {x, writer.number(1 / std::numbers::sqrt2)});
    const std::string below = writer.node("Add", {writer.node("Erf", {scaled}), writer.number(1)});
    return writer.node("Mul", {writer.node("Mul", {x, writer.number(0.5)}), below});
  }
  static constexpr double flops = 30;
  static auto normal_below(const auto& x) {
    return as_scalar_of(x, 0.5) * (1 + (x * as_scalar_of(x, 1 / std::numbers::sqrt2)).erf());
  }
  static auto value(const auto& x) { return x * normal_below(x); }
  static auto adjoint(const auto& x, const auto&, const auto& g) {
    // Beyond 40 the density is 0 also in double, where x^2 must not overflow.
    const auto near = at_most(at_least(x, -40), 40);
    const auto height = as_scalar_of(x, std::numbers::inv_sqrtpi / std::numbers::sqrt2);
    return g * (normal_below(x) + height * near * (near.square() * as_scalar_of(x, -0.5)).exp());
  }
};

struct GeluByTanh {
  static constexpr std::string_view name = "gelu_by_tanh";
  static std::string write(StandardWriter& writer, const std::string& x) {
    const std::string cube = writer.node("Mul", {x, writer.node("Mul", {x, x})});
    const std::string bent = writer.node("Add", {x, writer.node("Mul", {cube, writer.number(cubic)})});
    const std::string step = writer.node("Tanh", {writer.node("Mul", {bent, writer.number(scale)})});
    return writer.node("Mul",
                       {writer.node("Mul", {x, writer.number(0.5)}), writer.node("Add", {step, writer.number(1)})});
  }
  static constexpr double flops = 30;
  static constexpr double scale = std::numbers::sqrt2 * std::numbers::inv_sqrtpi;
  static constexpr double cubic = 0.044715;
  static auto tanh(const auto& x) {
    return (as_scalar_of(x, scale) * x * (1 + as_scalar_of(x, cubic) * x.square())).tanh();
  }
  static auto value(const auto& x) { return as_scalar_of(x, 0.5) * x * (1 + tanh(x)); }
  static auto adjoint(const auto& x, const auto&, const auto& g) {
    // Beyond 10 tanh is 1 or -1, also in double, and x^2 must not overflow.
    const auto near = at_most(at_least(x, -10), 10);
    const auto inner_slope = as_scalar_of(x, scale) * (1 + as_scalar_of(x, 3 * cubic) * near.square());
    return g * as_scalar_of(x, 0.5) * (1 + tanh(near) + near * (1 - tanh(near).square()) * inner_slope);
  }
};

struct Softsign {
  static constexpr std::string_view name = "softsign";
  static constexpr std::string_view standard = "Softsign";
  static constexpr double flops = 5;
  static auto value(const auto& x) { return x / (1 + x.abs()); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * (1 + x.abs()).inverse().square(); }
};

// tanh(log(1 + e)) = n / (n + 2) with e = exp(x), n = e (e + 2). Beyond x = 20 it is 1, also in double.
struct Mish {
  static constexpr std::string_view name = "mish";
  static std::string write(StandardWriter& writer, const std::string& x) {
    return writer.node("Mul", {x, writer.node("Tanh", {writer.node("Softplus", {x})})});
  }
  static constexpr double flops = 25;
  static auto n(const auto& e) { return e * (e + 2); }
  static auto value(const auto& x) {
    const auto e = at_most(x, 20).exp();
    return x * (n(e) / (n(e) + 2));
  }
  static auto adjoint(const auto& x, const auto&, const auto& g) {
    const auto near = at_most(x, 20);
    const auto e = near.exp();
    return g * (n(e) / (n(e) + 2) + 4 * near * e * (1 + e) / (n(e) + 2).square());
  }
};

using Attributes = std::vector<std::pair<std::string, double>>;
using MakeOp = std::function<OpPtr(const std::vector<double>&)>;

// "name(x, alpha=0.01)": a function of one tensor with numeric attributes.
FunctionSpec tuned_function(const std::string& name, const Attributes& attributes, MakeOp make_op) {
  FunctionSpec spec;
  spec.name = name;
  std::ostringstream signature;
  signature << name << "(x";
  for (const auto& [keyword, fallback] : attributes) {
    spec.keywords.push_back(keyword);
    signature << ", " << keyword << "=" << fallback;
  }
  spec.signature = signature.str() + ")";
  spec.make = [name, attributes, make_op = std::move(make_op)](const Call& call) {
    std::vector<double> values;
    for (const auto& [keyword, fallback] : attributes) values.push_back(named_number(call, keyword, fallback));
    return apply(make_op(values), {tensor_argument(call.arguments[0], "an argument of " + name)});
  };
  return spec;
}

ExpressionPtr make_gelu(const Call& call) {
  OpPtr op = gelu_op();
  const auto approximate = call.named.find("approximate");
  if (approximate != call.named.end() && approximate->second.word == "tanh")
    op = gelu_by_tanh_op();
  else if (approximate != call.named.end() && approximate->second.number != 0)
    throw BadConfig("approximate of gelu must be 0 or tanh");
  return apply(op, {tensor_argument(call.arguments[0], "an argument of gelu")});
}

}  // namespace

OpPtr leaky_relu_op(double alpha) { return unary(LeakyRelu{alpha}); }
OpPtr thresholded_relu_op(double alpha) { return unary(ThresholdedRelu{alpha}); }
OpPtr elu_op(double alpha) { return unary(Elu{{alpha, 1, 1}}); }
OpPtr celu_op(double alpha) {
  if (alpha == 0) throw BadConfig("celu needs an alpha other than 0");
  return unary(Celu{{alpha, alpha, 1}});
}
OpPtr selu_op(double alpha, double gamma) { return unary(Selu{{alpha, 1, gamma}}); }
OpPtr swish_op(double alpha) { return unary(Swish{alpha}); }
OpPtr hard_sigmoid_op(double alpha, double beta) { return unary(HardSigmoid{alpha, beta}); }
OpPtr hard_swish_op() { return unary<HardSwish>(); }
OpPtr gelu_op() { return unary<Gelu>(); }
OpPtr gelu_by_tanh_op() { return unary<GeluByTanh>(); }
OpPtr softsign_op() { return unary<Softsign>(); }
OpPtr mish_op() { return unary<Mish>(); }

OperatorFamily activations_family() {
  OperatorFamily family;
  family.name = "activations";
  using Values = std::vector<double>;
  family.functions = {
      tuned_function("leaky_relu", {{"alpha", 0.01}}, [](const Values& v) { return leaky_relu_op(v[0]); }),
      tuned_function("thresholded_relu", {{"alpha", 1}}, [](const Values& v) { return thresholded_relu_op(v[0]); }),
      tuned_function("elu", {{"alpha", 1}}, [](const Values& v) { return elu_op(v[0]); }),
      tuned_function("celu", {{"alpha", 1}}, [](const Values& v) { return celu_op(v[0]); }),
      tuned_function("swish", {{"alpha", 1}}, [](const Values& v) { return swish_op(v[0]); }),
      tuned_function("hard_sigmoid", {{"alpha", 0.2}, {"beta", 0.5}},
                     [](const Values& v) { return hard_sigmoid_op(v[0], v[1]); }),
      plain_function("selu", selu_op(), 1),
      plain_function("silu", swish_op(), 1),
      plain_function("hard_swish", hard_swish_op(), 1),
      plain_function("softsign", softsign_op(), 1),
      plain_function("mish", mish_op(), 1),
      {.name = "gelu",
       .signature = "gelu(x, approximate=0)",
       .min_arguments = 1,
       .max_arguments = 1,
       .keywords = {"approximate"},
       .make = make_gelu},
  };
  const auto check = [&family](const std::string& name, const OpPtr& op) {
    family.gradient_cases.push_back(case_at(
        name, op, {-4.1, -2.9, -2.6, -2.4, -1.3, -0.6, -0.1, 0.1, 0.45, 0.55, 0.9, 1.1, 2.4, 2.6, 2.9, 3.1, 4.2}));
  };
  check("leaky_relu", leaky_relu_op());
  check("leaky_relu, alpha -0.3", leaky_relu_op(-0.3));
  check("thresholded_relu", thresholded_relu_op());
  check("thresholded_relu, alpha 0.5", thresholded_relu_op(0.5));
  check("thresholded_relu, alpha -1", thresholded_relu_op(-1));
  check("elu", elu_op());
  check("elu, alpha 0.4", elu_op(0.4));
  check("celu", celu_op());
  check("celu, alpha 0.7", celu_op(0.7));
  check("celu, alpha -2", celu_op(-2));
  check("selu", selu_op());
  check("selu, alpha 2, gamma 3", selu_op(2, 3));
  check("silu", swish_op());
  check("swish, alpha 1.7", swish_op(1.7));
  check("swish, alpha -0.5", swish_op(-0.5));
  check("hard_sigmoid", hard_sigmoid_op());
  check("hard_sigmoid, alpha 0.5, beta 0.25", hard_sigmoid_op(0.5, 0.25));
  check("hard_sigmoid, alpha -0.3, beta 0.6", hard_sigmoid_op(-0.3, 0.6));
  check("hard_swish", hard_swish_op());
  check("gelu", gelu_op());
  check("gelu by tanh", gelu_by_tanh_op());
  check("softsign", softsign_op());
  check("mish", mish_op());
  return family;
}

}  // namespace settle
