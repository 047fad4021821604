// Purpose: how the direct kernels of a convolution with strides of 1 lay out a sample: its channels one after the
// other, each with its padding, so that output p reads, for every kernel element, the memory at p + a constant offset.
// Neighbouring outputs are then neighbouring vector lanes, rows of outputs lie whole[2] elements apart, and what lies
// between them is computed too and left out. The padding after a row is the one before the next, that after a plane the
// one above the next, and that after a channel the next channel's, as far as these go.
// Caller: graph/ops/direct_convolve*.cpp. Thread rule: value types.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "graph/ops/convolve.hpp"

namespace settle {

using Extents = std::array<std::int64_t, kMaxSpatialAxes>;

inline std::int64_t product(const Extents& extents) { return extents[0] * extents[1] * extents[2]; }

// How channels of extents `in` lie on a canvas of extents `whole`, and which of its elements outputs of extents `out`
// begin at.
struct Canvas {
  Extents in;
  Extents before;  // elements of padding; negative: that many elements of the channel are left out
  Extents whole;
  Extents out;
  std::int64_t overhang;  // zeros that outputs read beyond the last channel

  std::int64_t size() const { return product(whole); }
  // From the first output to the last, with what lies between their rows.
  std::int64_t span() const { return ((out[0] - 1) * whole[1] + out[1] - 1) * whole[2] + out[2]; }
  // How much of packets of `lanes` outputs is outputs, and not what lies between their rows or beyond them.
  double fill(std::int64_t lanes) const {
    return static_cast<double>(product(out)) / static_cast<double>((span() + lanes - 1) / lanes * lanes);
  }
  // The channels themselves are the canvas.
  bool plain() const { return in == whole; }

  // Calls visit(first, first of the same outputs without gaps, how many) for the longest runs of outputs that lie on
  // the canvas without gaps.
  template <class Visit>
  void for_each_run(Visit&& visit) const {
    if (span() == product(out)) return visit(std::int64_t{0}, std::int64_t{0}, span());
    std::int64_t dense = 0;
    for (std::int64_t z = 0; z < out[0]; ++z)
      for (std::int64_t y = 0; y < out[1]; ++y, dense += out[2]) visit((z * whole[1] + y) * whole[2], dense, out[2]);
  }

  // What `count` channels take, with what is read beyond the last.
  std::int64_t laid_size(std::int64_t count) const { return count * size() + overhang; }

  // Writes laid_size elements.
  template <class Scalar>
  void lay(const Scalar* channels, std::int64_t count, Scalar* canvas) const {
    std::fill_n(canvas, laid_size(count), Scalar(0));
    const auto inside = [&](std::size_t axis) {
      return std::pair(std::max<std::int64_t>(0, -before[axis]), std::min(in[axis], whole[axis] - before[axis]));
    };
    const auto [x_begin, x_end] = inside(2);
    const auto [y_begin, y_end] = inside(1);
    const auto [z_begin, z_end] = inside(0);
    if (x_begin >= x_end) return;
    for (std::int64_t c = 0; c < count; ++c)
      for (std::int64_t z = z_begin; z < z_end; ++z)
        for (std::int64_t y = y_begin; y < y_end; ++y)
          std::copy_n(
              channels + ((c * in[0] + z) * in[1] + y) * in[2] + x_begin, x_end - x_begin,
              canvas + ((c * whole[0] + z + before[0]) * whole[1] + y + before[1]) * whole[2] + x_begin + before[2]);
  }
};

// x on its canvas, and the outputs.
Canvas forward_canvas(const Window& window);
// The adjoint of the outputs on a canvas where x's elements are the outputs of the kernel turned round.
Canvas backward_canvas(const Window& window);

// How much of packets of `lanes` output channels of one group is channels.
inline double channel_fill(const Convolution& shape, std::int64_t lanes) {
  const std::int64_t out = shape.out / shape.groups;
  return static_cast<double>(out) / static_cast<double>((out + lanes - 1) / lanes * lanes);
}

// Where on the canvases of `channels` channels each kernel element of each of them is read, relative to the output.
// Valid until the thread's next call.
const std::int64_t* tap_offsets(const Window& window, const Canvas& canvas, std::int64_t channels);

}  // namespace settle
