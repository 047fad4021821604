// Purpose: operators that move contiguous pieces of their input to places in the output, such as slice and pad: forward
// copies the pieces, the adjoint adds them back (a piece may be used more than once). `Derived` says which pieces:
//   template <class Visit> void for_each_piece(const Shape& input, const Shape& output, Visit visit) const;
// calls visit(offset in the input, offset in the output, length). Caller: graph/ops/*.cpp only. Thread rule: as Op.
#pragma once

#include <algorithm>

#include "graph/eigen.hpp"
#include "graph/op.hpp"

namespace settle {

template <class Derived>
class PieceKernels : public OpKernels<Derived> {
 public:
  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    pieces().for_each_piece(inputs[0].shape, output.shape,
                            [&](std::int64_t from, std::int64_t to, std::int64_t length) {
                              std::copy_n(inputs[0].data + from, length, output.data + to);
                            });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    pieces().for_each_piece(
        call.result.shape, call.adjoint.shape, [&](std::int64_t from, std::int64_t to, std::int64_t length) {
          ArrayMap<Scalar>(call.result.data + from, length) += ConstArrayMap<Scalar>(call.adjoint.data + to, length);
        });
  }

 private:
  const Derived& pieces() const { return static_cast<const Derived&>(*this); }
};

}  // namespace settle
