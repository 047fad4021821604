// Purpose: numpy's broadcasting as runs: walks an output in C order in pieces of contiguous elements ("runs") along
// which every operand either advances element by element (stride 1) or stands still (stride 0). Neighbouring axes that
// all operands treat alike are merged first, so equal shapes are one run, a row under a batch is one run per sample.
// Caller: elementwise and reducing kernels. Thread rule: a value type; no heap.
#pragma once

#include <array>
#include <cassert>
#include <cstdint>

#include "graph/eigen.hpp"
#include "graph/shape.hpp"

namespace settle {

template <std::size_t Operands>
class BroadcastWalk {
 public:
  using Offsets = std::array<std::int64_t, Operands>;

  // Requires: concrete shapes; each operand broadcasts to `output`.
  BroadcastWalk(const Shape& output, const std::array<Shape, Operands>& operands) : size_(output.size()) {
    Offsets unit;  // elements that one step along the present axis is worth
    unit.fill(1);
    std::size_t count = 0;  // axes so far, the innermost first
    for (std::size_t i = 0; i < output.rank(); ++i) {
      const std::int64_t extent = output[output.rank() - 1 - i];
      if (extent == 1) continue;
      Offsets stride;
      for (std::size_t k = 0; k < Operands; ++k) {
        const Shape& operand = operands[k];
        const std::int64_t own = i < operand.rank() ? operand[operand.rank() - 1 - i] : 1;
        assert(own == 1 || own == extent);
        stride[k] = own == 1 ? 0 : unit[k];
        unit[k] *= own;
      }
      if (count > 0 && continues(axes_[count - 1], stride)) {
        axes_[count - 1].extent *= extent;
      } else {
        axes_[count++] = {extent, stride};
      }
    }
    if (count == 0) {
      axes_[0].extent = 1;
      axes_[0].stride.fill(1);
      count = 1;
    }
    outer_ = count - 1;
  }

  // Of one run.
  std::int64_t length() const noexcept { return axes_[0].extent; }
  // 1: the operand advances along a run, 0: it stands still.
  std::int64_t stride(std::size_t operand) const noexcept { return axes_[0].stride[operand]; }

  // Calls visit(start, offsets) per run, in C order: where the run starts in the output and in each operand.
  template <class Visit>
  void for_each_run(Visit&& visit) const {
    std::array<std::int64_t, Shape::kMaxRank + 1> index{};
    Offsets offsets{};
    for (std::int64_t start = 0; start < size_; start += length()) {
      visit(start, offsets);
      for (std::size_t axis = 1; axis <= outer_; ++axis) {
        const Axis& a = axes_[axis];
        for (std::size_t k = 0; k < Operands; ++k) offsets[k] += a.stride[k];
        if (++index[axis] < a.extent) break;
        for (std::size_t k = 0; k < Operands; ++k) offsets[k] -= a.stride[k] * a.extent;
        index[axis] = 0;
      }
    }
  }

 private:
  struct Axis {
    std::int64_t extent = 1;
    Offsets stride{};
  };

  static bool continues(const Axis& inner, const Offsets& stride) noexcept {
    for (std::size_t k = 0; k < Operands; ++k)
      if (stride[k] != inner.stride[k] * inner.extent) return false;
    return true;
  }

  std::int64_t size_;
  std::size_t outer_ = 0;
  std::array<Axis, Shape::kMaxRank + 1> axes_;  // the innermost first
};

// A run's elements, and one element repeated, as Eigen arrays.
template <class Scalar>
ArrayMap<Scalar> run(Scalar* data, std::int64_t length) {
  return {data, length};
}
template <class Scalar>
ConstArrayMap<Scalar> run(const Scalar* data, std::int64_t length) {
  return {data, length};
}
template <class Scalar>
auto repeated(const Scalar* data, std::int64_t length) {
  return Eigen::Array<Scalar, Eigen::Dynamic, 1>::Constant(length, *data);
}

// destination += expression over one run: element by element, or summed where the destination stands still.
template <class Scalar, class Expression>
void add_run(Scalar* destination, std::int64_t stride, std::int64_t length, const Expression& expression) {
  if (stride == 0)
    *destination += expression.sum();
  else
    run(destination, length) += expression;
}

}  // namespace settle
