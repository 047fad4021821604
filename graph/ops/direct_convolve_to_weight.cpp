// The adjoint of the weight sums over samples and positions. Its lanes are output positions where there are many of
// them, or output channels where those fill a packet.
#include "graph/ops/canvas.hpp"
#include "graph/ops/direct_convolve.hpp"
#include "graph/ops/scratch.hpp"
#include "graph/ops/tiles.hpp"

namespace settle {
namespace {

// Elements of the adjoint worked on at a time: a first-level cache in float.
constexpr std::int64_t kBlockElements = 1 << 13;

// result[m][v] += sums[m][v]. (Sums over a block start from 0, so that what is summed stays short.)
template <class Scalar, int M, int V>
void add_tile(const Packet<Scalar> (&sums)[M][V], Scalar* result, std::int64_t stride) {
  using namespace Eigen::internal;
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) {
      Scalar* to = result + m * stride + v * kLanes<Scalar>;
      pstore(to, padd(pload<Packet<Scalar>>(to), sums[m][v]));
    }
}

// sums[m][t] += the products of M rows of g with x read at T offsets, lane by lane, over `packets` packets.
template <class Scalar, int M, int T>
void correlate_tile(std::int64_t packets, const Scalar* g, std::int64_t g_stride, const Scalar* x,
                    const std::int64_t* offsets, Scalar* result, std::int64_t stride) {
  using namespace Eigen::internal;
  using P = Packet<Scalar>;
  P sums[M][T];
  for (int m = 0; m < M; ++m)
    for (int t = 0; t < T; ++t) sums[m][t] = pset1<P>(Scalar(0));
  const Scalar* at[T];
  for (int t = 0; t < T; ++t) at[t] = x + offsets[t];
  for (std::int64_t p = 0; p < packets; ++p) {
    P rows[M];
    for (int m = 0; m < M; ++m) rows[m] = pload<P>(g + m * g_stride + p * kLanes<Scalar>);
    for (int t = 0; t < T; ++t) {
      const P read = ploadu<P>(at[t] + p * kLanes<Scalar>);
      for (int m = 0; m < M; ++m) sums[m][t] = pmadd(rows[m], read, sums[m][t]);
    }
  }
  add_tile<Scalar>(sums, result, stride);
}

// sums[m][v] += x read at M offsets times V packets of g, over the outputs of `samples` samples.
template <class Scalar, int M, int V>
void accumulate_tile(const Canvas& canvas, std::int64_t samples, const Scalar* g, std::int64_t g_stride,
                     const Scalar* x, std::int64_t x_stride, const std::int64_t* offsets, Scalar* result,
                     std::int64_t stride) {
  using namespace Eigen::internal;
  using P = Packet<Scalar>;
  P sums[M][V];
  for (int m = 0; m < M; ++m)
    for (int v = 0; v < V; ++v) sums[m][v] = pset1<P>(Scalar(0));
  for (std::int64_t k = 0; k < samples; ++k, x += x_stride)
    canvas.for_each_run([&](std::int64_t first, std::int64_t, std::int64_t length) {
      const Scalar* at[M];
      for (int m = 0; m < M; ++m) at[m] = x + first + offsets[m];
      for (std::int64_t i = 0; i < length; ++i, g += g_stride) {
        P channels[V];
        for (int v = 0; v < V; ++v) channels[v] = pload<P>(g + v * kLanes<Scalar>);
        for (int m = 0; m < M; ++m) {
          const P read = pset1<P>(at[m][i]);
          for (int v = 0; v < V; ++v) sums[m][v] = pmadd(read, channels[v], sums[m][v]);
        }
      }
    });
  add_tile<Scalar>(sums, result, stride);
}

// What both ways share: the samples of one group, block by block, with x on its canvas.
template <class Scalar>
class WeightAdjoint {
 public:
  WeightAdjoint(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight)
      : shape_(shape),
        in_(shape.in / shape.groups),
        out_(shape.out / shape.groups),
        canvas_(forward_canvas(shape.window)),
        depth_(in_ * shape.window.kernel_size()),
        offsets_(tap_offsets(shape.window, canvas_, in_)),
        x_stride_(in_ * canvas_.size()),
        g_(g),
        x_(x),
        weight_(weight) {}

  void by_positions() {
    const std::int64_t packets = packets_for<Scalar>(canvas_.span());
    const std::int64_t stride = packets * kLanes<Scalar>;
    const std::int64_t sum_stride = depth_ * kLanes<Scalar>;
    prepare(out_ * stride, out_ * sum_stride);
    std::fill_n(laid_g_, block_ * out_ * stride, Scalar(0));  // what lies between rows stays so
    for (std::int64_t group = 0; group < shape_.groups; ++group) {
      std::fill_n(sums_, out_ * sum_stride, Scalar(0));
      for_each_block(group, [&](std::int64_t first, std::int64_t samples) {
        for (std::int64_t k = 0; k < samples; ++k)
          for (std::int64_t o = 0; o < out_; ++o) {
            const Scalar* from = adjoint(first + k, group) + o * product(canvas_.out);
            Scalar* to = laid_g_ + (k * out_ + o) * stride;
            canvas_.for_each_run([&](std::int64_t at, std::int64_t dense, std::int64_t length) {
              std::copy_n(from + dense, length, to + at);
            });
          }
        in_even_pieces(out_, 6, [&](std::int64_t o, std::int64_t rows) {
          in_even_pieces(depth_, columns_beside(rows), [&](std::int64_t d, std::int64_t columns) {
            with_tile(rows, columns, [&]<int M, int T>() {
              for (std::int64_t k = 0; k < samples; ++k)
                correlate_tile<Scalar, M, T>(packets, laid_g_ + (k * out_ + o) * stride, stride,
                                             laid_x_ + k * x_stride_, offsets_ + d,
                                             sums_ + o * sum_stride + d * kLanes<Scalar>, sum_stride);
            });
          });
        });
      });
      add_to_weight(group, [&](std::int64_t o, std::int64_t d) {
        using namespace Eigen::internal;
        return predux(pload<Packet<Scalar>>(sums_ + o * sum_stride + d * kLanes<Scalar>));
      });
    }
  }

  void by_channels() {
    const std::int64_t packets = packets_for<Scalar>(out_);
    const std::int64_t stride = packets * kLanes<Scalar>;
    const std::int64_t positions = product(canvas_.out);
    prepare(positions * stride, depth_ * stride);
    std::fill_n(laid_g_, block_ * positions * stride, Scalar(0));  // the lanes without a channel stay so
    for (std::int64_t group = 0; group < shape_.groups; ++group) {
      std::fill_n(sums_, depth_ * stride, Scalar(0));
      for_each_block(group, [&](std::int64_t first, std::int64_t samples) {
        for (std::int64_t k = 0; k < samples; ++k)
          transpose(out_, positions, adjoint(first + k, group), positions, laid_g_ + k * positions * stride, stride);
        in_even_pieces(packets, kMostColumns, [&](std::int64_t packet, std::int64_t columns) {
          in_even_pieces(depth_, rows_beside(columns), [&](std::int64_t d, std::int64_t rows) {
            with_tile(rows, columns, [&]<int M, int V>() {
              const std::int64_t lane = packet * kLanes<Scalar>;
              accumulate_tile<Scalar, M, V>(canvas_, samples, laid_g_ + lane, stride, laid_x_, x_stride_, offsets_ + d,
                                            sums_ + d * stride + lane, stride);
            });
          });
        });
      });
      add_to_weight(group, [&](std::int64_t o, std::int64_t d) { return sums_[d * stride + o]; });
    }
  }

 private:
  void prepare(std::int64_t g_size, std::int64_t sums_size) {
    block_ = std::clamp<std::int64_t>(kBlockElements / g_size, 1, shape_.batch);
    const Part<Scalar> sums(0, sums_size);
    const std::int64_t beyond = canvas_.overhang + kLanes<Scalar>;  // read beyond the last sample
    const Part<Scalar> laid_x(sums.end, block_ * x_stride_ + beyond);
    const Part<Scalar> laid_g(laid_x.end, block_ * g_size);
    Scalar* const memory = scratch<Scalar>(laid_g.end);
    sums_ = memory;
    laid_x_ = memory + laid_x.begin;
    laid_g_ = memory + laid_g.begin;
    std::fill_n(laid_x_ + block_ * x_stride_, beyond, Scalar(0));  // the lanes beyond the outputs are times 0
  }

  template <class Visit>
  void for_each_block(std::int64_t group, Visit&& visit) {
    for (std::int64_t first = 0; first < shape_.batch; first += block_) {
      const std::int64_t samples = std::min(block_, shape_.batch - first);
      for (std::int64_t k = 0; k < samples; ++k)
        canvas_.lay(x_ + ((first + k) * shape_.groups + group) * in_ * product(canvas_.in), in_,
                    laid_x_ + k * x_stride_);
      visit(first, samples);
    }
  }

  const Scalar* adjoint(std::int64_t sample, std::int64_t group) const {
    return g_ + (sample * shape_.groups + group) * out_ * product(canvas_.out);
  }

  template <class Sum>
  void add_to_weight(std::int64_t group, Sum&& sum) {
    for (std::int64_t o = 0; o < out_; ++o)
      for (std::int64_t d = 0; d < depth_; ++d) weight_[(group * out_ + o) * depth_ + d] += sum(o, d);
  }

  const Convolution& shape_;
  const std::int64_t in_;
  const std::int64_t out_;
  const Canvas canvas_;
  const std::int64_t depth_;
  const std::int64_t* const offsets_;
  const std::int64_t x_stride_;
  const Scalar* const g_;
  const Scalar* const x_;
  Scalar* const weight_;
  std::int64_t block_ = 1;
  Scalar* sums_ = nullptr;
  Scalar* laid_x_ = nullptr;
  Scalar* laid_g_ = nullptr;
};

}  // namespace

template <class Scalar>
void direct_convolve_to_weight(const Convolution& shape, const Scalar* g, const Scalar* x, Scalar* weight) {
  // Sums of positions need a last sum over lanes and read two vectors for what sums of channels read one.
  constexpr double kAdvantage = 4. / 3;
  WeightAdjoint<Scalar> adjoint(shape, g, x, weight);
  if (kAdvantage * channel_fill(shape, kLanes<Scalar>) >= forward_canvas(shape.window).fill(kLanes<Scalar>))
    adjoint.by_channels();
  else
    adjoint.by_positions();
}

template void direct_convolve_to_weight(const Convolution&, const float*, const float*, float*);
template void direct_convolve_to_weight(const Convolution&, const double*, const double*, double*);

}  // namespace settle
