// Purpose: where a window that slides over 1 to 3 spatial axes lies: the arithmetic that convolutions and poolings
// share, with the attributes of the ONNX specification. An axis of extent `in`, kernel k, dilation d, stride s:
//   output o reads the inputs  o s - pad + i d,  i = 0 ... k - 1,  those that exist
//   out = floor((in + pad + pad_end - (k - 1) d - 1) / s) + 1; with `ceil` rounded up, less a last window that would
//   begin in the padding at the end; auto_pad same_*: out = ceil(in / s), the odd element of padding at the end (upper)
//   or begin (lower); valid: no padding.
// Errors: BadConfig, where attributes do not fit the axes or a kernel does not fit its input. Thread rule: value types.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/standard_form.hpp"

namespace settle {

enum class AutoPad { none, same_upper, same_lower, valid };

// Attributes with one number an axis; an empty list stands for the default.
struct WindowSpec {
  std::vector<std::int64_t> kernel{};     // of a convolution: its weight's
  std::vector<std::int64_t> strides{};    // 1
  std::vector<std::int64_t> pads{};       // 0; the begin of every axis, then the end of every axis
  std::vector<std::int64_t> dilations{};  // 1
  AutoPad auto_pad = AutoPad::none;
  bool ceil = false;
};

// The attributes in the words of the ONNX standard, those that are given.
std::vector<StandardAttribute> standard_attributes(const WindowSpec& spec);

// Runs `write` on operands of which the first has a batch axis, as the standard asks: where it has none, it is given
// one and the result's is taken away.
template <class Write>
std::string with_batch_axis(StandardWriter& writer, bool batched, std::vector<std::string>& operands, Write&& write) {
  if (batched) return write();
  const std::string first = writer.integers({0});
  operands[0] = writer.node("Unsqueeze", {operands[0], first});
  return writer.node("Squeeze", {write(), first});
}

struct WindowAxis {
  std::int64_t in = 1;
  std::int64_t out = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t pad = 0;
  std::int64_t pad_end = 0;

  std::int64_t source(std::int64_t o, std::int64_t i) const { return o * stride - pad + i * dilation; }
  // Elements from the first that a window touches to the last.
  std::int64_t reach() const { return (kernel - 1) * dilation + 1; }
  // The outputs [first, second) whose kernel element i lies on the input.
  std::pair<std::int64_t, std::int64_t> covered(std::int64_t i) const;
  // How many of output o's kernel elements lie on the input, or with `padding` on the input or its padding.
  std::int64_t cells(std::int64_t o, bool padding) const;
};

inline constexpr std::size_t kMaxSpatialAxes = 3;

// Always three axes; those that are not there come first and have extent 1.
struct Window {
  std::array<WindowAxis, kMaxSpatialAxes> axes;

  std::int64_t in_size() const { return axes[0].in * axes[1].in * axes[2].in; }
  std::int64_t out_size() const { return axes[0].out * axes[1].out * axes[2].out; }
  std::int64_t kernel_size() const { return axes[0].kernel * axes[1].kernel * axes[2].kernel; }
  // Output rows, each of axes[2].out elements.
  std::int64_t out_rows() const { return axes[0].out * axes[1].out; }
  // The output is made of the input's elements one by one.
  bool pointwise() const;
};

// The window of `spec` with this kernel on an input of these extents.
Window make_window(std::string_view op, const WindowSpec& spec, std::span<const std::int64_t> in,
                   std::span<const std::int64_t> kernel);

// The window of the convolution whose adjoint a transposed convolution of an input of extents `out` is: its own `in`
// are the extents of the transposed convolution's result. `output_padding` and `output_shape` may be empty.
Window make_transposed_window(std::string_view op, const WindowSpec& spec, std::span<const std::int64_t> out,
                              std::span<const std::int64_t> kernel, std::span<const std::int64_t> output_padding,
                              std::span<const std::int64_t> output_shape);

// Calls visit(tap, row, offset, first, last) for every kernel element in C order and, for each, the output rows
// [begin, end): outputs [first, last) of the row read the input at offset + o * (stride of the last axis); first ==
// last where all of the row lies in the padding.
template <class Visit>
void for_each_tap(const Window& window, std::int64_t begin, std::int64_t end, Visit&& visit) {
  const auto& [depth, height, width] = window.axes;
  std::int64_t tap = 0;
  for (std::int64_t kd = 0; kd < depth.kernel; ++kd)
    for (std::int64_t kh = 0; kh < height.kernel; ++kh)
      for (std::int64_t kw = 0; kw < width.kernel; ++kw, ++tap) {
        const auto [first, last] = width.covered(kw);
        for (std::int64_t row = begin; row < end; ++row) {
          const std::int64_t z = depth.source(row / height.out, kd);
          const std::int64_t y = height.source(row % height.out, kh);
          const bool inside = z >= 0 && z < depth.in && y >= 0 && y < height.in;
          visit(tap, row, (z * height.in + y) * width.in + width.source(0, kw), inside ? first : 0, inside ? last : 0);
        }
      }
}

}  // namespace settle
