// Purpose: the one class of all functions of one tensor, element by element, and the pieces that several of them share.
// A function is a small struct `F`: name, flops (per element), and two members over Eigen arrays that return Eigen
// expressions; its attributes, if it has any, are its data members.
//   value(x)          y = f(x)
//   adjoint(x, y, g)  f'(x) g
// and `standard`, the name of the operator in the ONNX standard where it has no attributes, or write(writer, x), which
// writes it (Op::standard_form).
// An expression must not refer to a local array; scalars and maps go into it by value.
// Caller: graph/ops/*.cpp and graph/energies only. Thread rule: immutable after construction.
#pragma once

#include "graph/eigen.hpp"
#include "graph/op.hpp"
#include "graph/ops/support.hpp"

namespace settle {

template <class F>
class Unary final : public OpKernels<Unary<F>> {
 public:
  explicit Unary(const F& function) : function_(function) {}

  std::string_view name() const override { return F::name; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(F::name, inputs, 1);
    return inputs[0];
  }

  std::optional<Op::Part> part_of(std::size_t, std::span<const Shape>) const override { return Op::Part::last_axis; }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return F::flops * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    if constexpr (requires { F::standard; })
      return writer.node(F::standard, {inputs[0].name});
    else if constexpr (requires { function_.write(writer, inputs[0].name); })
      return function_.write(writer, inputs[0].name);
    else
      return Op::standard_form(writer, inputs, output);
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output) = function_.value(array(inputs[0]));
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    store(array(call.result), function_.adjoint(array(call.inputs[0]), array(call.output), array(call.adjoint)),
          call.accumulate);
  }

 private:
  F function_;
};

// One for all that are alike: vertices which compute alike can share a program (ProgramPool).
template <class F>
OpPtr unary() {
  static const OpPtr one = std::make_shared<const Unary<F>>(F{});
  return one;
}
template <class F>
OpPtr unary(const F& function) {
  return std::make_shared<const Unary<F>>(function);
}

// An attribute in the precision of the arrays it meets.
template <class Array>
auto as_scalar_of(const Array&, double attribute) {
  return static_cast<typename Array::Scalar>(attribute);
}

// More exact than Eigen's own logistic function, whose error in float is 1e-7 absolute, however small the result.
auto sigmoid(const auto& x) { return (1 + (-x).exp()).inverse(); }

// An attribute repeated to the length of an array.
template <class Array>
auto constant_like(const Array& x, double attribute) {
  return Array::PlainObject::Constant(x.size(), as_scalar_of(x, attribute));
}

// max(x, other), max(x, low) and min(x, high) that let a NaN through.
template <class Array>
auto larger_of(const Array& x, const auto& other) {
  using Scalar = typename Array::Scalar;
  return x.binaryExpr(other, Eigen::internal::scalar_max_op<Scalar, Scalar, Eigen::PropagateNaN>());
}
auto at_least(const auto& x, double low) { return larger_of(x, constant_like(x, low)); }
template <class Array>
auto at_most(const Array& x, double high) {
  using Scalar = typename Array::Scalar;
  return x.binaryExpr(constant_like(x, high), Eigen::internal::scalar_min_op<Scalar, Scalar, Eigen::PropagateNaN>());
}

// x > 0 ? 1 : other, in packets: Eigen's select goes element by element, and takes what it selects from with it.
template <class Scalar>
struct OneWherePositive {
  Scalar operator()(Scalar x, Scalar other) const { return x > 0 ? Scalar(1) : other; }
  template <class Packet>
  Packet packetOp(const Packet& x, const Packet& other) const {
    using Eigen::internal::pset1;
    return Eigen::internal::pselect(Eigen::internal::pcmp_lt(pset1<Packet>(Scalar(0)), x), pset1<Packet>(Scalar(1)),
                                    other);
  }
};
template <class Array>
auto one_where_positive(const Array& x, const auto& other) {
  return x.binaryExpr(other, OneWherePositive<typename Array::Scalar>());
}

}  // namespace settle

template <class Scalar>
struct Eigen::internal::functor_traits<settle::OneWherePositive<Scalar>> {
  enum { Cost = NumTraits<Scalar>::AddCost, PacketAccess = packet_traits<Scalar>::HasCmp };
};
