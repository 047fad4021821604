#include "graph/ops/logic.hpp"

#include "graph/ops/binary.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/elementwise.hpp"

namespace settle {
namespace {

// Truth values as numbers.
template <class Operand>
auto as_number(const Operand&, const auto& truth) {
  return truth.template cast<typename Operand::Scalar>();
}
template <class Adjoint>
auto none_of(const Adjoint& g) {
  return Adjoint::PlainObject::Zero(g.size());
}

// The standard's truth values are of a type of their own: from a number to it, and back.
std::string truth_of(StandardWriter& writer, const std::string& x) {
  constexpr std::int64_t boolean = 9;
  return writer.node("Cast", {x}, {{"to", boolean}});
}
std::string number_of(StandardWriter& writer, const std::string& truth, const std::string& like) {
  return writer.node("CastLike", {truth, like});
}

// A function of two tensors that is flat wherever it is smooth.
template <class F>
struct Flat : F {
  static constexpr double flops = 1;
  static auto value(const auto& a, const auto& b) { return as_number(a, F::truth(a, b)); }
  static std::string write(StandardWriter& writer, const std::string& a, const std::string& b) {
    if constexpr (F::of_truths)
      return number_of(writer, writer.node(F::onnx, {truth_of(writer, a), truth_of(writer, b)}), a);
    else
      return number_of(writer, writer.node(F::onnx, {a, b}), a);
  }
  static auto left(const auto&, const auto&, const auto&, const auto& g) { return none_of(g); }
  static auto right(const auto&, const auto&, const auto&, const auto& g) { return none_of(g); }
};

struct Equal {
  static constexpr std::string_view name = "equal";
  static constexpr std::string_view onnx = "Equal";
  static constexpr bool of_truths = false;
  static auto truth(const auto& a, const auto& b) { return a == b; }
};
struct Greater {
  static constexpr std::string_view name = "greater";
  static constexpr std::string_view onnx = "Greater";
  static constexpr bool of_truths = false;
  static auto truth(const auto& a, const auto& b) { return a > b; }
};
struct GreaterEqual {
  static constexpr std::string_view name = "greater_equal";
  static constexpr std::string_view onnx = "GreaterOrEqual";
  static constexpr bool of_truths = false;
  static auto truth(const auto& a, const auto& b) { return a >= b; }
};
struct Less {
  static constexpr std::string_view name = "less";
  static constexpr std::string_view onnx = "Less";
  static constexpr bool of_truths = false;
  static auto truth(const auto& a, const auto& b) { return a < b; }
};
struct LessEqual {
  static constexpr std::string_view name = "less_equal";
  static constexpr std::string_view onnx = "LessOrEqual";
  static constexpr bool of_truths = false;
  static auto truth(const auto& a, const auto& b) { return a <= b; }
};
struct And {
  static constexpr std::string_view name = "logical_and";
  static constexpr std::string_view onnx = "And";
  static constexpr bool of_truths = true;
  static auto truth(const auto& a, const auto& b) { return (a != 0) && (b != 0); }
};
struct Or {
  static constexpr std::string_view name = "logical_or";
  static constexpr std::string_view onnx = "Or";
  static constexpr bool of_truths = true;
  static auto truth(const auto& a, const auto& b) { return (a != 0) || (b != 0); }
};
struct Xor {
  static constexpr std::string_view name = "logical_xor";
  static constexpr std::string_view onnx = "Xor";
  static constexpr bool of_truths = true;
  static auto truth(const auto& a, const auto& b) { return (a != 0) != (b != 0); }
};

struct Not {
  static constexpr std::string_view name = "logical_not";
  static constexpr double flops = 1;
  static std::string write(StandardWriter& writer, const std::string& x) {
    return number_of(writer, writer.node("Not", {truth_of(writer, x)}), x);
  }
  static auto value(const auto& x) { return as_number(x, x == 0); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return none_of(g); }
};
struct IsNan {
  static constexpr std::string_view name = "is_nan";
  static constexpr double flops = 1;
  static std::string write(StandardWriter& writer, const std::string& x) {
    return number_of(writer, writer.node("IsNaN", {x}), x);
  }
  static auto value(const auto& x) { return as_number(x, x != x); }
  static auto adjoint(const auto&, const auto&, const auto& g) { return none_of(g); }
};

template <class F>
OpPtr flat() {
  return std::make_shared<const Binary<Flat<F>>>();
}

}  // namespace

OpPtr equal_op() { return flat<Equal>(); }
OpPtr greater_op() { return flat<Greater>(); }
OpPtr greater_equal_op() { return flat<GreaterEqual>(); }
OpPtr less_op() { return flat<Less>(); }
OpPtr less_equal_op() { return flat<LessEqual>(); }
OpPtr logical_and_op() { return flat<And>(); }
OpPtr logical_or_op() { return flat<Or>(); }
OpPtr logical_xor_op() { return flat<Xor>(); }
OpPtr logical_not_op() { return unary<Not>(); }
OpPtr is_nan_op() { return unary<IsNan>(); }

OperatorFamily logic_family() {
  OperatorFamily family;
  family.name = "logic";
  for (const OpPtr& op : {equal_op(), greater_op(), greater_equal_op(), less_op(), less_equal_op(), logical_and_op(),
                          logical_or_op(), logical_xor_op()}) {
    family.functions.push_back(plain_function(std::string(op->name()), op, 2));
    add_broadcast_cases(family, op);
  }
  for (const OpPtr& op : {logical_not_op(), is_nan_op()}) {
    family.functions.push_back(plain_function(std::string(op->name()), op, 1));
    family.gradient_cases.push_back(case_between(op, -2, 2));
  }
  return family;
}

}  // namespace settle
