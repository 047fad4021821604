#include "graph/ops/window.hpp"

#include <algorithm>

#include "graph/error.hpp"

namespace settle {
namespace {

// Keeps every product of two attributes within 64 bits.
constexpr std::int64_t kLargest = 1 << 30;

std::int64_t rounded_up(std::int64_t numerator, std::int64_t denominator) {
  return (numerator + denominator - 1) / denominator;
}

std::int64_t attribute(std::string_view op, const char* what, std::span<const std::int64_t> values, std::size_t count,
                       std::size_t index, std::int64_t fallback, std::int64_t least) {
  if (values.empty()) return fallback;
  if (values.size() != count)
    throw BadConfig(std::string(op) + " takes " + std::to_string(count) + " numbers as " + what + ", not " +
                    std::to_string(values.size()));
  if (values[index] < least || values[index] > kLargest)
    throw BadConfig(std::string(op) + " takes " + what + " from " + std::to_string(least) + " to " +
                    std::to_string(kLargest) + ", not " + std::to_string(values[index]));
  return values[index];
}

void require_axes(std::string_view op, std::size_t axes, std::size_t kernel) {
  if (axes < 1 || axes > kMaxSpatialAxes || kernel != axes)
    throw BadConfig(std::string(op) + " needs 1 to 3 spatial axes with a kernel extent for each, not " +
                    std::to_string(axes) + " axes and " + std::to_string(kernel) + " extents");
}

// All but the extents that follow from the others. Requires: as many axes as kernel extents.
WindowAxis axis_of(std::string_view op, const WindowSpec& spec, std::span<const std::int64_t> kernel, std::size_t i) {
  WindowAxis axis;
  axis.kernel = attribute(op, "kernel", kernel, kernel.size(), i, 1, 1);
  axis.stride = attribute(op, "stride", spec.strides, kernel.size(), i, 1, 1);
  axis.dilation = attribute(op, "dilation", spec.dilations, kernel.size(), i, 1, 1);
  if (spec.auto_pad == AutoPad::none) {
    axis.pad = attribute(op, "pad", spec.pads, 2 * kernel.size(), i, 0, 0);
    axis.pad_end = attribute(op, "pad", spec.pads, 2 * kernel.size(), i + kernel.size(), 0, 0);
  }
  return axis;
}

bool pads_to_same(const WindowSpec& spec) {
  return spec.auto_pad == AutoPad::same_upper || spec.auto_pad == AutoPad::same_lower;
}

void place_on_input(std::string_view op, const WindowSpec& spec, WindowAxis& axis, std::int64_t in) {
  axis.in = in;
  if (pads_to_same(spec)) {
    axis.out = rounded_up(in, axis.stride);
    const std::int64_t total = std::max<std::int64_t>(0, (axis.out - 1) * axis.stride + axis.reach() - in);
    axis.pad = spec.auto_pad == AutoPad::same_upper ? total / 2 : total - total / 2;
    axis.pad_end = total - axis.pad;
    return;
  }
  const std::int64_t room = in + axis.pad + axis.pad_end - axis.reach();
  if (room < 0)
    throw BadConfig(std::string(op) + " with a kernel that reaches over " + std::to_string(axis.reach()) +
                    " elements does not fit an axis of " + std::to_string(in) + " elements with padding " +
                    std::to_string(axis.pad) + " and " + std::to_string(axis.pad_end));
  axis.out = (spec.ceil ? rounded_up(room, axis.stride) : room / axis.stride) + 1;
  if (spec.ceil && axis.out > 1 && (axis.out - 1) * axis.stride >= in + axis.pad) --axis.out;
}

void place_on_output(std::string_view op, const WindowSpec& spec, WindowAxis& axis, std::int64_t out,
                     std::int64_t output_padding, std::int64_t output_extent) {
  axis.out = out;
  const std::int64_t whole = std::max<std::int64_t>(out - 1, 0) * axis.stride + axis.reach() + output_padding;
  if (output_extent < 0 && !pads_to_same(spec)) {
    axis.in = whole - axis.pad - axis.pad_end;
  } else {
    axis.in = output_extent >= 0 ? output_extent : out * axis.stride;
    const std::int64_t total = std::max<std::int64_t>(0, whole - axis.in);
    axis.pad = spec.auto_pad == AutoPad::same_upper ? total / 2 : total - total / 2;
    axis.pad_end = total - axis.pad;
  }
  if (axis.in < 1)
    throw BadConfig(std::string(op) + " of an axis of " + std::to_string(out) +
                    " elements is all padding: " + std::to_string(whole) + " elements less " +
                    std::to_string(axis.pad) + " and " + std::to_string(axis.pad_end));
}

}  // namespace

std::pair<std::int64_t, std::int64_t> WindowAxis::covered(std::int64_t i) const {
  const std::int64_t before = pad - i * dilation;  // elements of padding in front of output 0's element
  const std::int64_t first = before > 0 ? rounded_up(before, stride) : 0;
  const std::int64_t last = in + before > 0 ? rounded_up(in + before, stride) : 0;
  return {std::min(first, out), std::clamp(last, std::min(first, out), out)};
}

std::int64_t WindowAxis::cells(std::int64_t o, bool padding) const {
  const std::int64_t start = source(o, 0);
  const std::int64_t left = (padding ? in + pad_end : in) - start;  // elements from the window's first to the end
  const std::int64_t first = padding || start >= 0 ? 0 : rounded_up(-start, dilation);
  const std::int64_t last = left <= 0 ? 0 : std::min(kernel, rounded_up(left, dilation));
  return std::max<std::int64_t>(0, last - first);
}

bool Window::pointwise() const {
  return std::ranges::all_of(axes, [](const WindowAxis& axis) {
    return axis.kernel == 1 && axis.stride == 1 && axis.pad == 0 && axis.in == axis.out;
  });
}

std::vector<StandardAttribute> standard_attributes(const WindowSpec& spec) {
  std::vector<StandardAttribute> attributes;
  const auto list = [&](const char* name, const std::vector<std::int64_t>& values) {
    if (!values.empty()) attributes.push_back({name, values});
  };
  list("kernel_shape", spec.kernel);
  list("strides", spec.strides);
  list("dilations", spec.dilations);
  static constexpr const char* paddings[] = {"NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID"};
  if (spec.auto_pad == AutoPad::none)
    list("pads", spec.pads);
  else
    attributes.push_back({"auto_pad", std::string(paddings[static_cast<std::size_t>(spec.auto_pad)])});
  if (spec.ceil) attributes.push_back({"ceil_mode", std::int64_t{1}});
  return attributes;
}

Window make_window(std::string_view op, const WindowSpec& spec, std::span<const std::int64_t> in,
                   std::span<const std::int64_t> kernel) {
  require_axes(op, in.size(), kernel.size());
  Window window;
  for (std::size_t i = 0; i < in.size(); ++i) {
    WindowAxis& axis = window.axes[kMaxSpatialAxes - in.size() + i];
    axis = axis_of(op, spec, kernel, i);
    place_on_input(op, spec, axis, in[i]);
  }
  return window;
}

Window make_transposed_window(std::string_view op, const WindowSpec& spec, std::span<const std::int64_t> out,
                              std::span<const std::int64_t> kernel, std::span<const std::int64_t> output_padding,
                              std::span<const std::int64_t> output_shape) {
  require_axes(op, out.size(), kernel.size());
  Window window;
  for (std::size_t i = 0; i < out.size(); ++i) {
    WindowAxis& axis = window.axes[kMaxSpatialAxes - out.size() + i];
    axis = axis_of(op, spec, kernel, i);
    place_on_output(op, spec, axis, out[i], attribute(op, "output padding", output_padding, out.size(), i, 0, 0),
                    attribute(op, "output shape", output_shape, out.size(), i, -1, 1));
  }
  return window;
}

}  // namespace settle
