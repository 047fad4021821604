// Purpose: what every operator that only renames axes shares: its output is its input's memory (Op::is_view).
// `Derived` gives name() and infer(). Caller: graph/ops/*.cpp only. Thread rule: immutable.
#pragma once

#include "graph/eigen.hpp"
#include "graph/op.hpp"

namespace settle {

template <class Derived>
class ViewOp : public OpKernels<Derived> {
 public:
  bool is_view() const override { return true; }
  double cost(std::span<const Shape>, const Shape&) const override { return 0; }

  // A view runs no kernel in a program; called on its own it copies.
  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    array(output) = array(inputs[0]);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    store(array(call.result), array(call.adjoint), call.accumulate);
  }
};

}  // namespace settle
