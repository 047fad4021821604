#include "graph/ops/patch_convolve.hpp"

#include <algorithm>

#include "graph/eigen.hpp"
#include "graph/ops/scratch.hpp"

namespace settle {
namespace {

// Elements of a piece of patches: about half of a second-level cache in float.
constexpr std::int64_t kPieceElements = 1 << 16;

template <class Scalar>
using Strided = Eigen::Map<RowMatrix<Scalar>, 0, Eigen::OuterStride<>>;
template <class Scalar>
using ConstStrided = Eigen::Map<const RowMatrix<Scalar>, 0, Eigen::OuterStride<>>;

// One sample's and group's part of a convolution, and the output rows worked on at a time.
class Pieces {
 public:
  explicit Pieces(const Convolution& shape)
      : window(shape.window),
        channels(shape.in / shape.groups),
        outputs(shape.out / shape.groups),
        taps(window.kernel_size()),
        depth(channels * taps),
        positions(window.out_size()),
        direct(window.pointwise()),
        rows_(direct ? window.out_rows()
                     : std::clamp<std::int64_t>(kPieceElements / std::max<std::int64_t>(depth * width(), 1), 1,
                                                std::max<std::int64_t>(window.out_rows(), 1))) {}

  std::int64_t width() const { return window.axes[2].out; }

  // Scratch for one piece; null where none is needed.
  template <class Scalar>
  Scalar* memory() const {
    return direct ? nullptr : scratch<Scalar>(depth * rows_ * width());
  }

  // Calls visit(first row, last row) per piece.
  template <class Visit>
  void for_each(Visit&& visit) const {
    for (std::int64_t first = 0; first < window.out_rows(); first += rows_)
      visit(first, std::min(first + rows_, window.out_rows()));
  }

  // The columns of output rows [first, last) in a matrix of all positions.
  template <class Scalar>
  ConstStrided<Scalar> columns(const Scalar* data, std::int64_t rows, std::int64_t first, std::int64_t last) const {
    return {data + first * width(), rows, (last - first) * width(), Eigen::OuterStride<>(positions)};
  }
  template <class Scalar>
  Strided<Scalar> columns(Scalar* data, std::int64_t rows, std::int64_t first, std::int64_t last) const {
    return {data + first * width(), rows, (last - first) * width(), Eigen::OuterStride<>(positions)};
  }

  // The patches of x at output rows [first, last): made in `memory`, or x itself.
  template <class Scalar>
  ConstStrided<Scalar> patches(const Scalar* x, Scalar* memory, std::int64_t first, std::int64_t last) const {
    if (direct) return columns(x, depth, first, last);
    const std::int64_t span = (last - first) * width();
    const std::int64_t stride = window.axes[2].stride;
    for (std::int64_t c = 0; c < channels; ++c) {
      const Scalar* channel = x + c * window.in_size();
      for_each_tap(window, first, last,
                   [&](std::int64_t tap, std::int64_t row, std::int64_t offset, std::int64_t begin, std::int64_t end) {
                     Scalar* patch = memory + (c * taps + tap) * span + (row - first) * width();
                     std::fill(patch, patch + begin, Scalar(0));
                     if (stride == 1)
                       for (std::int64_t o = begin; o < end; ++o) patch[o] = channel[offset + o];
                     else
                       for (std::int64_t o = begin; o < end; ++o) patch[o] = channel[offset + o * stride];
                     std::fill(patch + end, patch + width(), Scalar(0));
                   });
    }
    return {memory, depth, span, Eigen::OuterStride<>(span)};
  }

  // x += the adjoint of `patches`.
  template <class Scalar>
  void add_patches(const Scalar* memory, Scalar* x, std::int64_t first, std::int64_t last) const {
    const std::int64_t span = (last - first) * width();
    const std::int64_t stride = window.axes[2].stride;
    for (std::int64_t c = 0; c < channels; ++c) {
      Scalar* channel = x + c * window.in_size();
      for_each_tap(window, first, last,
                   [&](std::int64_t tap, std::int64_t row, std::int64_t offset, std::int64_t begin, std::int64_t end) {
                     const Scalar* patch = memory + (c * taps + tap) * span + (row - first) * width();
                     if (stride == 1)
                       for (std::int64_t o = begin; o < end; ++o) channel[offset + o] += patch[o];
                     else
                       for (std::int64_t o = begin; o < end; ++o) channel[offset + o * stride] += patch[o];
                   });
    }
  }

  const Window& window;
  const std::int64_t channels;
  const std::int64_t outputs;
  const std::int64_t taps;
  const std::int64_t depth;
  const std::int64_t positions;
  const bool direct;

 private:
  const std::int64_t rows_;
};

// Calls visit(x, weight, y) with where each sample's and group's part begins.
template <class X, class W, class Y, class Visit>
void for_each_part(const Convolution& shape, const Pieces& pieces, X* x, W* weight, Y* y, Visit&& visit) {
  for (std::int64_t n = 0; n < shape.batch; ++n)
    for (std::int64_t group = 0; group < shape.groups; ++group)
      visit(x + (n * shape.groups + group) * pieces.channels * shape.window.in_size(),
            weight + group * pieces.outputs * pieces.depth,
            y + (n * shape.groups + group) * pieces.outputs * pieces.positions);
}

}  // namespace

template <class Scalar>
void patch_convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y) {
  const Pieces pieces(shape);
  Scalar* memory = pieces.memory<Scalar>();
  for_each_part(shape, pieces, x, weight, y, [&](const Scalar* x_part, const Scalar* weight_part, Scalar* y_part) {
    const ConstMatrixMap<Scalar> w(weight_part, pieces.outputs, pieces.depth);
    pieces.for_each([&](std::int64_t first, std::int64_t last) {
      pieces.columns(y_part, pieces.outputs, first, last).noalias() += w * pieces.patches(x_part, memory, first, last);
    });
  });
}

template <class Scalar>
void patch_convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x) {
  const Pieces pieces(shape);
  Scalar* memory = pieces.memory<Scalar>();
  for_each_part(shape, pieces, x, weight, g, [&](Scalar* x_part, const Scalar* weight_part, const Scalar* g_part) {
    const ConstMatrixMap<Scalar> w(weight_part, pieces.outputs, pieces.depth);
    pieces.for_each([&](std::int64_t first, std::int64_t last) {
      const auto adjoint = pieces.columns(g_part, pieces.outputs, first, last);
      if (pieces.direct) {
        pieces.columns(x_part, pieces.depth, first, last).noalias() += w.transpose() * adjoint;
        return;
      }
      MatrixMap<Scalar>(memory, pieces.depth, adjoint.cols()).noalias() = w.transpose() * adjoint;
      pieces.add_patches(memory, x_part, first, last);
    });
  });
}

template <class Scalar>
void patch_convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight) {
  const Pieces pieces(shape);
  Scalar* memory = pieces.memory<Scalar>();
  for_each_part(shape, pieces, x, weight, g, [&](const Scalar* x_part, Scalar* weight_part, const Scalar* g_part) {
    MatrixMap<Scalar> w(weight_part, pieces.outputs, pieces.depth);
    pieces.for_each([&](std::int64_t first, std::int64_t last) {
      w.noalias() +=
          pieces.columns(g_part, pieces.outputs, first, last) * pieces.patches(x_part, memory, first, last).transpose();
    });
  });
}

template void patch_convolve(const Convolution&, const float*, const float*, float*);
template void patch_convolve(const Convolution&, const double*, const double*, double*);
template void patch_convolve_to_input(const Convolution&, const float*, const float*, float*);
template void patch_convolve_to_input(const Convolution&, const double*, const double*, double*);
template void patch_convolve_to_weight(const Convolution&, const float*, const float*, float*);
template void patch_convolve_to_weight(const Convolution&, const double*, const double*, double*);

}  // namespace settle
