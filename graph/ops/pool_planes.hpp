// Purpose: what a pooling (graph/ops/pooling.hpp) does with one plane of its spatial axes. A struct has a name, one in
// the ONNX standard with add_attributes(attributes), and
//   run_plane(window, x, y)                             y = the pooled plane x
//   adjoint_plane(window, x, y, g, result, accumulate)  result = the adjoint of x, of the adjoint g of y, or += it
// Caller: graph/ops/pooling.cpp. Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <limits>
#include <string_view>
#include <vector>

#include "graph/ops/scratch.hpp"
#include "graph/ops/window.hpp"
#include "graph/packets.hpp"
#include "graph/standard_form.hpp"

namespace settle {

// visit(position in the output, position in the input) for all that a kernel element meets, element by element.
template <class Visit>
void for_each_pair(const Window& window, Visit&& visit) {
  const std::int64_t stride = window.axes[2].stride;
  const std::int64_t width = window.axes[2].out;
  for_each_tap(window, 0, window.out_rows(),
               [&](std::int64_t, std::int64_t row, std::int64_t offset, std::int64_t first, std::int64_t last) {
                 for (std::int64_t o = first; o < last; ++o) visit(row * width + o, offset + o * stride);
               });
}

// Windows side by side along the last axis, K elements each, that lie on the input altogether. The elements that one
// kernel row meets, of all rows of outputs, are gathered in one line, K for each output: long enough for vectors also
// where rows are short.
class SideBySide {
 public:
  explicit SideBySide(const Window& window) : window_(window) {}

  bool holds() const {
    const WindowAxis& last = window_.axes[2];
    return last.kernel >= 2 && last.kernel <= 3 && last.stride == last.kernel && last.dilation == 1 &&
           std::ranges::all_of(window_.axes, [](const WindowAxis& axis) {
             return axis.pad == 0 && axis.source(axis.out - 1, axis.kernel - 1) < axis.in;
           });
  }
  std::int64_t line() const { return window_.out_rows() * width(); }
  // Every element of the input lies in exactly one window. Requires: holds.
  bool tile_input() const {
    return std::ranges::all_of(window_.axes, [](const WindowAxis& axis) {
      return axis.stride == axis.kernel && axis.dilation == 1 && axis.out * axis.kernel == axis.in;
    });
  }

  // Calls visit.operator()<K>(rows), rows being something to call `gather` and `scatter` with, per kernel row in order.
  template <class Visit>
  void for_each_kernel_row(const Visit& visit) const {
    const std::int64_t rows = window_.axes[0].kernel * window_.axes[1].kernel;
    for (std::int64_t row = 0; row < rows; ++row)
      if (window_.axes[2].kernel == 2)
        visit.template operator()<2>(row);
      else
        visit.template operator()<3>(row);
  }

  template <class Scalar>
  void gather(std::int64_t kernel_row, const Scalar* plane, Scalar* line) const {
    for_each_row(kernel_row, [&](std::int64_t at) {
      copy(plane + at, line);
      line += width();
    });
  }
  // Into the plane, or added to what is there.
  template <class Scalar>
  void scatter(std::int64_t kernel_row, const Scalar* line, Scalar* plane, bool add) const {
    for_each_row(kernel_row, [&](std::int64_t at) {
      if (add)
        for (std::int64_t i = 0; i < width(); ++i) plane[at + i] += line[i];
      else
        copy(line, plane + at);
      line += width();
    });
  }

 private:
  std::int64_t width() const { return window_.axes[2].out * window_.axes[2].kernel; }

  // A row. The last packet overlaps the one before: rows are too short to go element by element, or to call for.
  template <class Scalar>
  void copy(const Scalar* from, Scalar* to) const {
    using namespace Eigen::internal;
    constexpr std::int64_t lanes = kLanes<Scalar>;
    const std::int64_t count = width();
    if (count < lanes) {
      for (std::int64_t i = 0; i < count; ++i) to[i] = from[i];
      return;
    }
    for (std::int64_t i = 0; i < count - lanes; i += lanes) pstoreu(to + i, ploadu<Packet<Scalar>>(from + i));
    pstoreu(to + count - lanes, ploadu<Packet<Scalar>>(from + count - lanes));
  }

  template <class Visit>
  void for_each_row(std::int64_t kernel_row, Visit&& visit) const {
    const auto& [depth, height, last] = window_.axes;
    for (std::int64_t z = 0; z < depth.out; ++z)
      for (std::int64_t y = 0; y < height.out; ++y)
        visit((depth.source(z, kernel_row / height.kernel) * height.in + height.source(y, kernel_row % height.kernel)) *
              last.in);
  }

  const Window& window_;
};

// The first element of a window that equals its largest takes the adjoint: kernel elements come in order, and who takes
// what is left leaves zero.
struct MaxPlane {
  static constexpr std::string_view name = "max_pool";
  static constexpr std::string_view standard = "MaxPool";
  static void add_attributes(std::vector<StandardAttribute>&) {}

  template <class Scalar>
  void run_plane(const Window& window, const Scalar* x, Scalar* y) const {
    std::fill_n(y, window.out_size(), -std::numeric_limits<Scalar>::infinity());
    if (const SideBySide windows(window); windows.holds()) {
      Scalar* line = scratch<Scalar>(windows.line());
      windows.for_each_kernel_row([&]<int K>(std::int64_t row) {
        windows.gather(row, x, line);
        take<K>(window.out_size(), line, y);
      });
    } else {
      for_each_pair(window, [&](std::int64_t to, std::int64_t from) { y[to] = larger(x[from], y[to]); });
    }
  }

  template <class Scalar>
  void adjoint_plane(const Window& window, const Scalar* x, const Scalar* y, const Scalar* g, Scalar* result,
                     bool accumulate) const {
    const SideBySide windows(window);
    Scalar* left = scratch<Scalar>(window.out_size() + windows.line());
    std::copy_n(g, window.out_size(), left);
    const bool add = accumulate || !windows.holds() || !windows.tile_input();
    if (add && !accumulate) std::fill_n(result, window.in_size(), Scalar(0));
    if (windows.holds()) {
      Scalar* line = left + window.out_size();
      windows.for_each_kernel_row([&]<int K>(std::int64_t row) {
        windows.gather(row, x, line);
        give<K>(window.out_size(), y, left, line);
        windows.scatter(row, line, result, add);
      });
    } else {
      for_each_pair(window, [&](std::int64_t to, std::int64_t from) {
        const bool taken = same(x[from], y[to]);
        result[from] += taken ? left[to] : Scalar(0);
        left[to] = taken ? Scalar(0) : left[to];
      });
    }
  }

 private:
  // Comparisons joined by | and &, which, unlike || and &&, are vectorised. A NaN is the largest.
  template <class Scalar>
  static Scalar larger(Scalar value, Scalar largest) {
    return ((value > largest) | (value != value)) ? value : largest;
  }
  template <class Scalar>
  static bool same(Scalar value, Scalar largest) {
    return (value == largest) | ((value != value) & (largest != largest));
  }

  template <int K, class Scalar>
  static void take(std::int64_t outputs, const Scalar* __restrict line, Scalar* __restrict y) {
    for (std::int64_t o = 0; o < outputs; ++o) {
      Scalar largest = y[o];
      for (int k = 0; k < K; ++k) largest = larger(line[o * K + k], largest);
      y[o] = largest;
    }
  }

  // Each element of `line` becomes what it takes.
  template <int K, class Scalar>
  static void give(std::int64_t outputs, const Scalar* __restrict y, Scalar* __restrict left, Scalar* __restrict line) {
    for (std::int64_t o = 0; o < outputs; ++o) {
      Scalar rest = left[o];
      for (int k = 0; k < K; ++k) {
        const bool taken = same(line[o * K + k], y[o]);
        line[o * K + k] = taken ? rest : Scalar(0);
        rest = taken ? Scalar(0) : rest;
      }
      left[o] = rest;
    }
  }
};

struct AveragePlane {
  static constexpr std::string_view name = "average_pool";
  static constexpr std::string_view standard = "AveragePool";
  bool count_padding = false;
  void add_attributes(std::vector<StandardAttribute>& attributes) const {
    if (count_padding) attributes.push_back({"count_include_pad", std::int64_t{1}});
  }

  template <class Scalar>
  void run_plane(const Window& window, const Scalar* x, Scalar* y) const {
    std::fill_n(y, window.out_size(), Scalar(0));
    for_each_pair(window, [&](std::int64_t to, std::int64_t from) { y[to] += x[from]; });
    divide(window, y);
  }

  template <class Scalar>
  void adjoint_plane(const Window& window, const Scalar*, const Scalar*, const Scalar* g, Scalar* result,
                     bool accumulate) const {
    if (!accumulate) std::fill_n(result, window.in_size(), Scalar(0));
    Scalar* share = scratch<Scalar>(window.out_size());
    std::copy_n(g, window.out_size(), share);
    divide(window, share);
    for_each_pair(window, [&](std::int64_t to, std::int64_t from) { result[from] += share[to]; });
  }

 private:
  // Each output's value by the number of elements of its window.
  template <class Scalar>
  void divide(const Window& window, Scalar* values) const {
    const auto& [depth, height, width] = window.axes;
    for (std::int64_t z = 0; z < depth.out; ++z)
      for (std::int64_t y = 0; y < height.out; ++y) {
        const std::int64_t cells = depth.cells(z, count_padding) * height.cells(y, count_padding);
        for (std::int64_t x = 0; x < width.out; ++x)
          *values++ /= static_cast<Scalar>(cells * width.cells(x, count_padding));
      }
  }
};

}  // namespace settle
