#include "graph/ops/canvas.hpp"

#include "graph/ops/scratch.hpp"

namespace settle {
namespace {

// in, before and out given.
void choose_whole(Canvas& canvas, const Window& window) {
  std::int64_t last_read = 0;
  for (std::size_t i = 0; i < kMaxSpatialAxes; ++i) {
    const std::int64_t read = canvas.out[i] + window.axes[i].reach() - 1;
    const std::int64_t shared = read - std::max<std::int64_t>(canvas.before[i], 0);
    canvas.whole[i] = std::min(read, std::max({canvas.out[i], canvas.before[i] + canvas.in[i], shared}));
    last_read = last_read * canvas.whole[i] + read - 1;
  }
  canvas.overhang = std::max<std::int64_t>(last_read + 1 - canvas.size(), 0);
}

}  // namespace

Canvas forward_canvas(const Window& window) {
  Canvas canvas;
  for (std::size_t i = 0; i < kMaxSpatialAxes; ++i) {
    const WindowAxis& axis = window.axes[i];
    canvas.in[i] = axis.in;
    canvas.before[i] = axis.pad;
    canvas.out[i] = axis.out;
  }
  choose_whole(canvas, window);
  return canvas;
}

Canvas backward_canvas(const Window& window) {
  Canvas canvas;
  for (std::size_t i = 0; i < kMaxSpatialAxes; ++i) {
    const WindowAxis& axis = window.axes[i];
    canvas.in[i] = axis.out;
    canvas.before[i] = axis.reach() - 1 - axis.pad;
    canvas.out[i] = axis.in;
  }
  choose_whole(canvas, window);
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
