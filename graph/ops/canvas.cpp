#include "graph/ops/canvas.hpp"

#include "graph/ops/scratch.hpp"

namespace settle {

Canvas forward_canvas(const Window& window) {
  Canvas canvas;
  for (std::size_t i = 0; i < kMaxSpatialAxes; ++i) {
    const WindowAxis& axis = window.axes[i];
    canvas.in[i] = axis.in;
    canvas.before[i] = axis.pad;
    canvas.whole[i] = axis.out + axis.reach() - 1;
    canvas.out[i] = axis.out;
  }
  return canvas;
}

Canvas backward_canvas(const Window& window) {
  Canvas canvas;
  for (std::size_t i = 0; i < kMaxSpatialAxes; ++i) {
    const WindowAxis& axis = window.axes[i];
    canvas.in[i] = axis.out;
    canvas.before[i] = axis.reach() - 1 - axis.pad;
    canvas.whole[i] = axis.in + axis.reach() - 1;
    canvas.out[i] = axis.in;
  }
  return canvas;
}

const std::int64_t* tap_offsets(const Window& window, const Canvas& canvas, std::int64_t channels) {
  std::int64_t* const offsets = scratch<std::int64_t>(channels * window.kernel_size());
  std::int64_t* next = offsets;
  const auto& [depth, height, width] = window.axes;
  for (std::int64_t c = 0; c < channels; ++c)
    for (std::int64_t z = 0; z < depth.kernel; ++z)
      for (std::int64_t y = 0; y < height.kernel; ++y)
        for (std::int64_t x = 0; x < width.kernel; ++x)
          *next++ = c * canvas.size() + (z * depth.dilation * canvas.whole[1] + y * height.dilation) * canvas.whole[2] +
                    x * width.dilation;
  return offsets;
}

}  // namespace settle
