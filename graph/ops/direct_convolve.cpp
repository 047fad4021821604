#include "graph/ops/direct_convolve.hpp"

#include "graph/ops/canvas.hpp"
#include "graph/ops/scratch.hpp"
#include "graph/ops/tiles.hpp"

namespace settle {
namespace {

// result[m][p] = sum over d of weight[d][m] * x[p + offsets[d]] for M rows m and V packets of p.
template <class Scalar, int M, int V>
void multiply_tile(std::int64_t depth, const Scalar* x, const std::int64_t* offsets, const Scalar* weight,
                   Scalar* result, std::int64_t stride) {
  using namespace Eigen::internal;
  using P = Packet<Scalar>;
  P sums[M][V];
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) sums[m][v] = pset1<P>(Scalar(0));
  for (std::int64_t d = 0; d < depth; ++d, weight += M) {
    const Scalar* at = x + offsets[d];
    P read[V];
    for (int v = 0; v < V; ++v) read[v] = ploadu<P>(at + v * kLanes<Scalar>);
    for (int m = 0; m < M; ++m) {
      const P w = pset1<P>(weight[m]);
      for (int v = 0; v < V; ++v) sums[m][v] = pmadd(w, read[v], sums[m][v]);
    }
  }
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) pstoreu(result + m * stride + v * kLanes<Scalar>, sums[m][v]);
}

// y[target] += sum over sources and taps of weight(target, source, tap) * x on its canvas; `sources` and `targets` are
// channels of one group.
template <class Scalar, class Weight>
void convolve_on(const Canvas& canvas, const Convolution& shape, std::int64_t sources, std::int64_t targets,
                 const Scalar* x, const Weight& weight_at, Scalar* y) {
  const std::int64_t taps = shape.window.kernel_size();
  const std::int64_t depth = sources * taps;
  const std::int64_t packets = packets_for<Scalar>(canvas.span());
  const std::int64_t stride = packets * kLanes<Scalar>;
  const Part<Scalar> weights(0, shape.groups * targets * depth);
  const Part<Scalar> laid(weights.end, canvas.laid_size(sources) + kLanes<Scalar>);
  const Part<Scalar> sums(laid.end, kMostRows * stride);
  Scalar* const memory = scratch<Scalar>(sums.end);
  const std::int64_t* const offsets = tap_offsets(shape.window, canvas, sources);

  Scalar* next = memory;
  for (std::int64_t group = 0; group < shape.groups; ++group)
    in_even_pieces(targets, kMostRows, [&](std::int64_t first, std::int64_t rows) {
      for (std::int64_t source = 0; source < sources; ++source)
        for (std::int64_t tap = 0; tap < taps; ++tap)
          for (std::int64_t m = 0; m < rows; ++m) *next++ = weight_at(group, first + m, source, tap);
    });

  const std::int64_t parts = shape.batch * shape.groups;
  for (std::int64_t part = 0; part < parts; ++part) {
    const Scalar* from = x + part * sources * product(canvas.in);
    // The last packet reads beyond the channels: into the next part, or for the last part into scratch.
    if (!canvas.plain() || part + 1 == parts) {
      canvas.lay(from, sources, memory + laid.begin);
      from = memory + laid.begin;
    }
    in_even_pieces(targets, kMostRows, [&](std::int64_t first, std::int64_t rows) {
      const Scalar* weight = memory + (part % shape.groups * targets + first) * depth;
      in_even_pieces(packets, columns_beside(rows), [&](std::int64_t packet, std::int64_t columns) {
        const std::int64_t p = packet * kLanes<Scalar>;
        with_tile(rows, columns, [&]<int M, int V>() {
          multiply_tile<Scalar, M, V>(depth, from + p, offsets, weight, memory + sums.begin + p, stride);
        });
      });
      for (std::int64_t m = 0; m < rows; ++m) {
        const Scalar* sum = memory + sums.begin + m * stride;
        Scalar* to = y + (part * targets + first + m) * product(canvas.out);
        canvas.for_each_run([&](std::int64_t at, std::int64_t dense, std::int64_t length) {
          for (std::int64_t i = 0; i < length; ++i) to[dense + i] += sum[at + i];
        });
      }
    });
  }
}

// Below this the lanes are too empty to be faster than patches.
constexpr double kLeastFill = 0.125;

}  // namespace

template <class Scalar>
bool suits_direct(const Convolution& shape, ConvolutionProduct product_to) {
  const auto steps_by_one = [](const WindowAxis& axis) { return axis.stride == 1; };
  if (!std::ranges::all_of(shape.window.axes, steps_by_one) || shape.window.pointwise()) return false;
  const double fill = forward_canvas(shape.window).fill(kLanes<Scalar>);
  switch (product_to) {
    case ConvolutionProduct::to_output:
      return fill >= kLeastFill;
    case ConvolutionProduct::to_input: {
      // As many products are of use as the forward pass makes; the others meet padding.
      const Canvas canvas = backward_canvas(shape.window);
      const double of_use = static_cast<double>(shape.window.out_size()) / static_cast<double>(product(canvas.out));
      return canvas.fill(kLanes<Scalar>) * of_use >= kLeastFill;
    }
    case ConvolutionProduct::to_weight:
      return fill >= kLeastFill || channel_fill(shape, kLanes<Scalar>) >= kLeastFill;
  }
  return false;
}

template bool suits_direct<float>(const Convolution&, ConvolutionProduct);
template bool suits_direct<double>(const Convolution&, ConvolutionProduct);

template <class Scalar>
void direct_convolve(const Convolution& shape, const Scalar* x, const Scalar* weight, Scalar* y) {
  const std::int64_t in = shape.in / shape.groups;
  const std::int64_t out = shape.out / shape.groups;
  const std::int64_t taps = shape.window.kernel_size();
  convolve_on(
      forward_canvas(shape.window), shape, in, out, x,
      [&](std::int64_t group, std::int64_t o, std::int64_t c, std::int64_t tap) {
        return weight[((group * out + o) * in + c) * taps + tap];
      },
      y);
}

template <class Scalar>
void direct_convolve_to_input(const Convolution& shape, const Scalar* g, const Scalar* weight, Scalar* x) {
  const std::int64_t in = shape.in / shape.groups;
  const std::int64_t out = shape.out / shape.groups;
  const std::int64_t taps = shape.window.kernel_size();
  convolve_on(
      backward_canvas(shape.window), shape, out, in, g,
      [&](std::int64_t group, std::int64_t c, std::int64_t o, std::int64_t tap) {
        return weight[((group * out + o) * in + c) * taps + taps - 1 - tap];
      },
      x);
}

template void direct_convolve(const Convolution&, const float*, const float*, float*);
template void direct_convolve(const Convolution&, const double*, const double*, double*);
template void direct_convolve_to_input(const Convolution&, const float*, const float*, float*);
template void direct_convolve_to_input(const Convolution&, const double*, const double*, double*);

}  // namespace settle
