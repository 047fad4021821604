#include "graph/ops/unary.hpp"

#include "graph/error.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"
#include "graph/ops/exact.hpp"

namespace settle {
namespace {

struct Identity {
  static constexpr std::string_view name = "identity";
  static constexpr std::string_view standard = "Identity";
  static constexpr double flops = 0;
  static auto value(const auto& x) { return x; }
  static auto adjoint(const auto&, const auto&, const auto& g) { return g; }
};

struct Neg {
  static constexpr std::string_view name = "neg";
  static constexpr std::string_view standard = "Neg";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return -x; }
  static auto adjoint(const auto&, const auto&, const auto& g) { return -g; }
};

struct Tanh {
  static constexpr std::string_view name = "tanh";
  static constexpr std::string_view standard = "Tanh";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.tanh(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g - g * y * y; }
};

struct Relu {
  static constexpr std::string_view name = "relu";
  static constexpr std::string_view standard = "Relu";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return (x < 0).select(0, x); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return (y > 0).select(g, 0); }
};

struct Sigmoid {
  static constexpr std::string_view name = "sigmoid";
  static constexpr std::string_view standard = "Sigmoid";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return sigmoid(x); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g * y * (1 - y); }
};

// log(1 + exp(x)) without overflow.
struct Softplus {
  static constexpr std::string_view name = "softplus";
  static constexpr std::string_view standard = "Softplus";
  static constexpr double flops = 30;
  static auto value(const auto& x) { return x.max(0) + (-x.abs()).exp().log1p(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * sigmoid(x); }
};

struct Exp {
  static constexpr std::string_view name = "exp";
  static constexpr std::string_view standard = "Exp";
  static constexpr double flops = 15;
  static auto value(const auto& x) { return x.exp(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g * y; }
};

struct Log {
  static constexpr std::string_view name = "log";
  static constexpr std::string_view standard = "Log";
  static constexpr double flops = 15;
  static auto value(const auto& x) { return x.log(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g / x; }
};

struct Sqrt {
  static constexpr std::string_view name = "sqrt";
  static constexpr std::string_view standard = "Sqrt";
  static constexpr double flops = 5;
  static auto value(const auto& x) { return exact_sqrt(x); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g / (y + y); }
};

struct Sin {
  static constexpr std::string_view name = "sin";
  static constexpr std::string_view standard = "Sin";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.sin(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * x.cos(); }
};

struct Cos {
  static constexpr std::string_view name = "cos";
  static constexpr std::string_view standard = "Cos";
  static constexpr double flops = 20;
  static auto value(const auto& x) { return x.cos(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return -(g * x.sin()); }
};

struct Tan {
  static constexpr std::string_view name = "tan";
  static constexpr std::string_view standard = "Tan";
  static constexpr double flops = 30;
  static auto value(const auto& x) { return x.tan(); }
  static auto adjoint(const auto&, const auto& y, const auto& g) { return g + g * y * y; }
};

struct Abs {
  static constexpr std::string_view name = "abs";
  static constexpr std::string_view standard = "Abs";
  static constexpr double flops = 1;
  static auto value(const auto& x) { return x.abs(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return (x > 0).select(g, (x < 0).select(-g, 0)); }
};

struct Square {
  static constexpr std::string_view name = "square";
  static std::string write(StandardWriter& writer, const std::string& x) { return writer.node("Mul", {x, x}); }
  static constexpr double flops = 1;
  static auto value(const auto& x) { return x.square(); }
  static auto adjoint(const auto& x, const auto&, const auto& g) { return g * (x + x); }
};

// As at test time: nothing is dropped, and nothing scaled.
ExpressionPtr make_dropout(const Call& call) {
  const double ratio = named_number(call, "ratio", 0.5);
  if (!(ratio >= 0 && ratio < 1)) throw BadConfig("ratio of dropout must be at least 0 and below 1");
  return tensor_argument(call.arguments[0], "the input of dropout");
}

// Both signs where the function takes them; never within 0.05 of 0, the only kink.
GradientCase unary_case(const OpPtr& op, bool both_signs) {
  GradientCase gradient_case = case_between(op, 0.05, 1.4);
  if (both_signs) flip_every_other(gradient_case.inputs[0]);
  return gradient_case;
}

}  // namespace

OpPtr identity_op() { return unary<Identity>(); }
OpPtr neg_op() { return unary<Neg>(); }
OpPtr tanh_op() { return unary<Tanh>(); }
OpPtr relu_op() { return unary<Relu>(); }
OpPtr sigmoid_op() { return unary<Sigmoid>(); }

OpPtr softplus_op() { return unary<Softplus>(); }
OpPtr exp_op() { return unary<Exp>(); }
OpPtr log_op() { return unary<Log>(); }
OpPtr sqrt_op() { return unary<Sqrt>(); }
OpPtr sin_op() { return unary<Sin>(); }
OpPtr cos_op() { return unary<Cos>(); }
OpPtr tan_op() { return unary<Tan>(); }
OpPtr abs_op() { return unary<Abs>(); }
OpPtr square_op() { return unary<Square>(); }

OperatorFamily unary_family() {
  OperatorFamily family;
  family.name = "unary";
  const auto offer = [&family](const OpPtr& op, bool both_signs) {
    family.functions.push_back(plain_function(std::string(op->name()), op, 1));
    family.gradient_cases.push_back(unary_case(op, both_signs));
  };
  for (const OpPtr& op : {tanh_op(), relu_op(), sigmoid_op(), softplus_op(), exp_op(), sin_op(), cos_op(), tan_op(),
                          abs_op(), square_op()})
    offer(op, true);
  for (const OpPtr& op : {log_op(), sqrt_op()}) offer(op, false);
  family.functions.push_back({.name = "dropout",
                              .signature = "dropout(x, ratio=0.5)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"ratio"},
                              .make = make_dropout});
  for (const OpPtr& op : {identity_op(), neg_op()}) family.gradient_cases.push_back(unary_case(op, true));
  return family;
}

}  // namespace settle
