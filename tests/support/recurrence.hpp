// Purpose: what recurrent nodes of ONNX compute, by their definition in plain loops, on small operands drawn by name.
// Caller: the tests of recurrent nodes. Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "graph/random.hpp"
#include "graph/tensor.hpp"

namespace settle::test {

inline constexpr std::int64_t kTime = 4, kBatch = 3, kIn = 2, kHidden = 2;

struct Options {
  std::string op;
  std::string direction = "forward";
  bool everything = false;  // B, lengths, initial states and P
  bool batch_first = false;
  bool coupled = false;              // LSTM's input_forget
  bool linear_before_reset = false;  // GRU's
  double clip = 0;                   // none
  bool other_activations = false;    // HardSigmoid with numbers, Softsign, LeakyRelu with a number

  std::int64_t gates() const { return op == "LSTM" ? 4 : op == "GRU" ? 3 : 1; }
  std::int64_t directions() const { return direction == "bidirectional" ? 2 : 1; }
  std::size_t functions() const { return op == "LSTM" ? 3 : op == "GRU" ? 2 : 1; }
};

inline const std::vector<std::int64_t> lengths{4, 2, 3};

inline Tensor<double> drawn(const std::string& name, const Shape& shape) {
  Tensor<double> values(shape);
  RandomStream stream(1, name, "recurrence test");
  for (double& x : values.flat()) x = 1.5 * stream.normal();
  return values;
}

// What the node gets, always with time first; the model's own tensors are turned where batch is to come first.
struct Operands {
  Tensor<double> x, w, r, b, h0, c0, p;

  explicit Operands(const Options& o)
      : x(drawn("x", {kTime, kBatch, kIn})),
        w(drawn("w", {o.directions(), o.gates() * kHidden, kIn})),
        r(drawn("r", {o.directions(), o.gates() * kHidden, kHidden})),
        b(o.everything ? drawn("b", {o.directions(), 2 * o.gates() * kHidden})
                       : Tensor<double>({o.directions(), 2 * o.gates() * kHidden})),
        h0(o.everything ? drawn("h", {o.directions(), kBatch, kHidden})
                        : Tensor<double>({o.directions(), kBatch, kHidden})),
        c0(o.everything ? drawn("c", {o.directions(), kBatch, kHidden})
                        : Tensor<double>({o.directions(), kBatch, kHidden})),
        p(o.everything ? drawn("p", {o.directions(), 3 * kHidden}) : Tensor<double>({o.directions(), 3 * kHidden})) {}
};

// [a, b, ...] as [b, a, ...].
inline Tensor<double> turned(const Tensor<double>& x) {
  const std::int64_t a = x.shape()[0], b = x.shape()[1], inner = x.size() / a / b;
  Tensor<double> y(Shape{b, a, inner});
  for (std::int64_t i = 0; i < x.size(); ++i)
    y.data()[(i / inner % b * a + i / inner / b) * inner + i % inner] = x.data()[i];
  return y;
}

inline double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

inline double function(const Options& o, std::size_t k, double x) {
  if (o.clip > 0) x = std::max(-o.clip, std::min(o.clip, x));
  const bool first = k == 0 && o.op != "RNN";
  if (!o.other_activations) return first ? sigmoid(x) : std::tanh(x);
  if (first) return std::max(0.0, std::min(1.0, 0.3 * x + 0.4));
  return k == 2 ? (x < 0 ? 0.2 * x : x) : x / (1 + std::abs(x));
}

struct Results {
  std::vector<double> y, y_h, y_c;
};

// The operators' definition for one sample, direction by direction, step by step.
inline Results by_definition(const Options& o, const Operands& in) {
  const std::int64_t D = o.directions(), G = o.gates(), H = kHidden;
  Results out;
  out.y.assign(static_cast<std::size_t>(kTime * D * kBatch * H), 0);
  for (std::int64_t d = 0; d < D; ++d) {
    const bool reverse = o.direction == "reverse" || d == 1;
    for (std::int64_t n = 0; n < kBatch; ++n) {
      const std::int64_t length = o.everything ? lengths[static_cast<std::size_t>(n)] : kTime;
      std::vector<double> h(in.h0.data() + (d * kBatch + n) * H, in.h0.data() + (d * kBatch + n + 1) * H);
      std::vector<double> c(in.c0.data() + (d * kBatch + n) * H, in.c0.data() + (d * kBatch + n + 1) * H);
      for (std::int64_t s = 0; s < length; ++s) {
        const std::int64_t t = reverse ? length - 1 - s : s;
        const auto from_x = [&](std::int64_t gate, std::int64_t unit) {
          double sum = in.b.data()[(2 * d * G + gate) * H + unit];
          for (std::int64_t i = 0; i < kIn; ++i)
            sum += in.x.data()[(t * kBatch + n) * kIn + i] * in.w.data()[((d * G + gate) * H + unit) * kIn + i];
          return sum;
        };
        const auto from_h = [&](std::int64_t gate, std::int64_t unit, const std::vector<double>& state) {
          double sum = in.b.data()[((2 * d + 1) * G + gate) * H + unit];
          for (std::int64_t i = 0; i < H; ++i)
            sum += state[static_cast<std::size_t>(i)] * in.r.data()[((d * G + gate) * H + unit) * H + i];
          return sum;
        };
        const std::vector<double> before = h;
        const auto peephole = [&](std::int64_t gate, std::int64_t unit) {
          return in.p.data()[(3 * d + gate) * H + unit];
        };
        std::vector<double> reset(static_cast<std::size_t>(H));
        if (o.op == "GRU")
          for (std::int64_t u = 0; u < H; ++u)
            reset[static_cast<std::size_t>(u)] = function(o, 0, from_x(1, u) + from_h(1, u, before));
        std::vector<double> gated = before;
        for (std::size_t u = 0; u < gated.size(); ++u) gated[u] *= reset[u];
        for (std::int64_t u = 0; u < H; ++u) {
          const auto k = static_cast<std::size_t>(u);
          if (o.op == "RNN") {
            h[k] = function(o, 0, from_x(0, u) + from_h(0, u, before));
          } else if (o.op == "LSTM") {
            const double i = function(o, 0, from_x(0, u) + from_h(0, u, before) + peephole(0, u) * c[k]);
            const double f =
                o.coupled ? 1 - i : function(o, 0, from_x(2, u) + from_h(2, u, before) + peephole(2, u) * c[k]);
            c[k] = f * c[k] + i * function(o, 1, from_x(3, u) + from_h(3, u, before));
            const double open = function(o, 0, from_x(1, u) + from_h(1, u, before) + peephole(1, u) * c[k]);
            h[k] = open * function(o, 2, c[k]);
          } else {
            const double z = function(o, 0, from_x(0, u) + from_h(0, u, before));
            const double recurrent = o.linear_before_reset ? reset[k] * from_h(2, u, before) : from_h(2, u, gated);
            h[k] = (1 - z) * function(o, 1, from_x(2, u) + recurrent) + z * before[k];
          }
        }
        for (std::int64_t u = 0; u < H; ++u)
          out.y[static_cast<std::size_t>(((t * D + d) * kBatch + n) * H + u)] = h[static_cast<std::size_t>(u)];
      }
      out.y_h.insert(out.y_h.end(), h.begin(), h.end());
      out.y_c.insert(out.y_c.end(), c.begin(), c.end());
    }
  }
  return out;
}

}  // namespace settle::test
