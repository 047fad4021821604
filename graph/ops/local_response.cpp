#include "graph/ops/local_response.hpp"

#include <cmath>

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/scratch.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

class LocalResponseNorm final : public OpKernels<LocalResponseNorm> {
 public:
  LocalResponseNorm(std::int64_t axis, const LocalResponse& options) : axis_(axis), options_(options) {
    if (options.size < 1)
      throw BadConfig("local_response_norm needs a size of at least 1, not " + std::to_string(options.size));
  }

  std::string_view name() const override { return "local_response_norm"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    axis_position(name(), inputs[0], axis_);
    return inputs[0];
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return (40 + 2 * static_cast<double>(options_.size)) * static_cast<double>(output.size());
  }

  // The standard's channels are the second axis.
  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape& output) const override {
    if (axis_position(name(), output, axis_) != 1) return Op::standard_form(writer, inputs, output);
    return writer.node(
        "LRN", {inputs[0].name},
        {{"size", options_.size}, {"alpha", options_.alpha}, {"beta", options_.beta}, {"bias", options_.bias}});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const AxisSplit split = split_at(output.shape, axis_);
    const std::int64_t sample = split.extent * split.inner;
    Scalar* s = scratch<Scalar>(sample);
    for (std::int64_t start = 0; start < output.size(); start += sample) {
      form_scale(split, inputs[0].data + start, s);
      ArrayMap<Scalar>(output.data + start, sample) =
          ConstArrayMap<Scalar>(inputs[0].data + start, sample) * power<Scalar>(s, sample, -options_.beta);
    }
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const AxisSplit split = split_at(call.result.shape, axis_);
    const std::int64_t sample = split.extent * split.inner;
    Scalar* s = scratch<Scalar>(3 * sample);
    Scalar* inner = s + sample;      // a_y x s^(-beta - 1)
    Scalar* total = inner + sample;  // its sum over those that see a channel
    const auto factor = static_cast<Scalar>(-2 * options_.alpha * options_.beta / static_cast<double>(options_.size));
    for (std::int64_t start = 0; start < call.result.size(); start += sample) {
      const ConstArrayMap<Scalar> x(call.inputs[0].data + start, sample);
      const ConstArrayMap<Scalar> g(call.adjoint.data + start, sample);
      form_scale(split, x.data(), s);
      ArrayMap<Scalar>(inner, sample) = g * x * power<Scalar>(s, sample, -options_.beta - 1);
      add_up(
          split, after(), before(), [&](std::int64_t at) { return ConstArrayMap<Scalar>(inner + at, split.inner); },
          total);
      store(ArrayMap<Scalar>(call.result.data + start, sample),
            g * power<Scalar>(s, sample, -options_.beta) + factor * x * ArrayMap<Scalar>(total, sample),
            call.accumulate);
    }
  }

 private:
  std::int64_t before() const { return (options_.size - 1) / 2; }
  std::int64_t after() const { return options_.size / 2; }

  // sums[c] = the terms of the channels from c - below to c + above. `term` takes a channel's offset.
  template <class Scalar, class Term>
  static void add_up(const AxisSplit& split, std::int64_t below, std::int64_t above, Term&& term, Scalar* sums) {
    for (std::int64_t c = 0; c < split.extent; ++c) {
      ArrayMap<Scalar> sum(sums + c * split.inner, split.inner);
      sum.setZero();
      const std::int64_t end = std::min(c + above, split.extent - 1);
      for (std::int64_t k = std::max<std::int64_t>(c - below, 0); k <= end; ++k) sum += term(k * split.inner);
    }
  }

  // s of one sample.
  template <class Scalar>
  void form_scale(const AxisSplit& split, const Scalar* x, Scalar* s) const {
    add_up(
        split, before(), after(), [&](std::int64_t at) { return ConstArrayMap<Scalar>(x + at, split.inner).square(); },
        s);
    ArrayMap<Scalar> scale(s, split.extent * split.inner);
    scale = static_cast<Scalar>(options_.bias) +
            static_cast<Scalar>(options_.alpha / static_cast<double>(options_.size)) * scale;
  }

  template <class Scalar>
  static auto power(const Scalar* s, std::int64_t size, double exponent) {
    return ConstArrayMap<Scalar>(s, size).unaryExpr(
        [e = static_cast<Scalar>(exponent)](Scalar element) { return std::pow(element, e); });
  }

  std::int64_t axis_;
  LocalResponse options_;
};

ExpressionPtr make_local_response(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of local_response_norm");
  const LocalResponse fallback;
  const LocalResponse options{integer_argument(call.arguments[1], "size of local_response_norm"),
                              named_number(call, "alpha", fallback.alpha), named_number(call, "beta", fallback.beta),
                              named_number(call, "bias", fallback.bias)};
  return apply(local_response_norm_op(axis_argument(call, x->shape, first_axis(x->shape)), options), {x});
}

}  // namespace

OpPtr local_response_norm_op(std::int64_t channel_axis_from_end, const LocalResponse& options) {
  return std::make_shared<const LocalResponseNorm>(channel_axis_from_end, options);
}

OperatorFamily local_response_family() {
  OperatorFamily family;
  family.name = "local_response";
  family.functions.push_back({.name = "local_response_norm",
                              .signature = "local_response_norm(x, size, axis=0, alpha=0.0001, beta=0.75, bias=1)",
                              .min_arguments = 2,
                              .max_arguments = 2,
                              .keywords = {"axis", "alpha", "beta", "bias"},
                              .make = make_local_response});
  const Tensor<double> x = case_values("local response", {2, 5, 3});
  family.gradient_cases = {{"local_response_norm of 3", local_response_norm_op(-2, {3, 0.5, 0.75, 1}), {x}},
                           {"local_response_norm of 4", local_response_norm_op(-2, {4, 0.9, 0.6, 2}), {x}},
                           {"local_response_norm of all", local_response_norm_op(-1, {9, 0.9, 0.5, 1}), {x}}};
  return family;
}

}  // namespace settle
