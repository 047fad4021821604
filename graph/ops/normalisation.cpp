#include "graph/ops/normalisation.hpp"

#include <cmath>

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/support.hpp"

namespace settle {
namespace {

void require_epsilon(std::string_view op, double epsilon) {
  if (!(epsilon >= 0) || !std::isfinite(epsilon))
    throw BadConfig("epsilon of " + std::string(op) + " must be a number of at least 0, not " +
                    std::to_string(epsilon));
}

class Normalize final : public OpKernels<Normalize> {
 public:
  Normalize(std::int64_t axis, double epsilon) : axis_(axis), epsilon_(epsilon) { require_epsilon(name(), epsilon); }

  std::string_view name() const override { return "normalize"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 1);
    axis_position(name(), inputs[0], axis_);
    return inputs[0];
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return 6 * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<std::int64_t> axes;
    for (std::int64_t axis = axis_; axis < 0; ++axis) axes.push_back(axis);
    const auto mean = [&](const std::string& of) { return writer.node("ReduceMean", {of}, {{"axes", axes}}); };
    const std::string centred = writer.node("Sub", {inputs[0].name, mean(inputs[0].name)});
    const std::string variance = mean(writer.node("Mul", {centred, centred}));
    const std::string kept = writer.node("Add", {variance, writer.number(epsilon_)});
    return writer.node("Div", {centred, writer.node("Sqrt", {kept})});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const AxisSplit split = split_at(output.shape, axis_);
    const std::int64_t length = split.extent * split.inner;
    for (std::int64_t start = 0; start < output.size(); start += length) {
      const ConstArrayMap<Scalar> x(inputs[0].data + start, length);
      const Scalar mean = x.mean();
      ArrayMap<Scalar>(output.data + start, length) = (x - mean) / deviation(x, mean);
    }
  }

  // a_x = (a_y - mean(a_y) - y mean(a_y y)) / deviation: what would move mean or variance has no effect.
  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    const AxisSplit split = split_at(call.result.shape, axis_);
    const std::int64_t length = split.extent * split.inner;
    for (std::int64_t start = 0; start < call.result.size(); start += length) {
      const ConstArrayMap<Scalar> x(call.inputs[0].data + start, length);
      const ConstArrayMap<Scalar> y(call.output.data + start, length);
      const ConstArrayMap<Scalar> g(call.adjoint.data + start, length);
      const Scalar scale = 1 / deviation(x, x.mean());
      const Scalar shift = g.mean();
      const Scalar slope = (g * y).mean();
      store(ArrayMap<Scalar>(call.result.data + start, length), scale * (g - shift - slope * y), call.accumulate);
    }
  }

 private:
  template <class Scalar>
  Scalar deviation(const ConstArrayMap<Scalar>& x, Scalar mean) const {
    return std::sqrt((x - mean).square().mean() + static_cast<Scalar>(epsilon_));
  }

  std::int64_t axis_;
  double epsilon_;
};

class BatchNorm final : public OpKernels<BatchNorm> {
 public:
  BatchNorm(std::int64_t axis, double epsilon) : axis_(axis), epsilon_(epsilon) { require_epsilon(name(), epsilon); }

  std::string_view name() const override { return "batch_norm"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, 5);
    const Shape channels{inputs[0][axis_position(name(), inputs[0], axis_)]};
    for (std::size_t k = 1; k < inputs.size(); ++k)
      if (!(inputs[k] == channels))
        throw BadConfig("batch_norm's " + std::string(operand_names[k]) + " must be " + channels.to_string() +
                        " like axis " + std::to_string(axis_) + " of its input " + inputs[0].to_string() + ", not " +
                        inputs[k].to_string());
    return inputs[0];
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    const bool of_shift = of == bias || of == mean;
    if (of == bias || other == bias) return false;
    if (other == scale) return of != scale;
    return other == variance || (of != x && !of_shift);
  }

  double cost(std::span<const Shape>, const Shape& output) const override {
    return 2 * static_cast<double>(output.size());
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    // One element a channel, beside an input of more axes behind the channels' own.
    std::vector<std::int64_t> behind;
    for (std::int64_t axis = axis_ + 1; axis < 0; ++axis) behind.push_back(axis);
    const auto of = [&](Operand operand) {
      const std::string& name = inputs[operand].name;
      return behind.empty() ? name : writer.node("Unsqueeze", {name, writer.integers(behind)});
    };
    const std::string kept = writer.node("Add", {of(variance), writer.number(epsilon_)});
    const std::string centred = writer.node("Sub", {inputs[x].name, of(mean)});
    const std::string normal = writer.node("Div", {centred, writer.node("Sqrt", {kept})});
    return writer.node("Add", {writer.node("Mul", {normal, of(scale)}), of(bias)});
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    for_each_block(output.shape, [&](const AxisSplit& split, std::int64_t first, std::int64_t width) {
      const Block<Scalar> factor = per_channel(inputs, scale, first, width) * inverse_deviation(inputs, first, width);
      const Block<Scalar> centre = per_channel(inputs, mean, first, width);
      const Block<Scalar> shift = per_channel(inputs, bias, first, width);
      for_each_run(split, first, width, [&](std::int64_t at, std::int64_t length, const auto& of_run) {
        ArrayMap<Scalar>(output.data + at, length) =
            (ConstArrayMap<Scalar>(inputs[x].data + at, length) - of_run(centre)) * of_run(factor) + of_run(shift);
      });
    });
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    for_each_block(call.adjoint.shape, [&](const AxisSplit& split, std::int64_t first, std::int64_t width) {
      const Block<Scalar> inverse = inverse_deviation(call.inputs, first, width);
      const Block<Scalar> factor = per_channel(call.inputs, scale, first, width) * inverse;
      if (call.input == x) {
        for_each_run(split, first, width, [&](std::int64_t at, std::int64_t length, const auto& of_run) {
          store(ArrayMap<Scalar>(call.result.data + at, length),
                ConstArrayMap<Scalar>(call.adjoint.data + at, length) * of_run(factor), call.accumulate);
        });
        return;
      }
      ArrayMap<Scalar> result(call.result.data + first, width);
      if (call.input == bias)
        store(result, sums(call, split, first, width, false), call.accumulate);
      else if (call.input == mean)
        store(result, -factor * sums(call, split, first, width, false), call.accumulate);
      else if (call.input == scale)
        store(result, inverse * sums(call, split, first, width, true), call.accumulate);
      else
        store(result, Scalar(-0.5) * factor * inverse.square() * sums(call, split, first, width, true),
              call.accumulate);
    });
  }

 private:
  enum Operand : std::size_t { x, scale, bias, mean, variance };
  static constexpr std::string_view operand_names[] = {"input", "scale", "bias", "mean", "variance"};

  // Values of a few channels, on the stack.
  static constexpr std::int64_t kBlock = 64;
  template <class Scalar>
  using Block = Eigen::Array<Scalar, Eigen::Dynamic, 1, 0, kBlock, 1>;

  template <class Scalar>
  static ConstArrayMap<Scalar> per_channel(std::span<const ConstView<Scalar>> inputs, Operand operand,
                                           std::int64_t first, std::int64_t width) {
    return {inputs[operand].data + first, width};
  }

  template <class Scalar>
  Block<Scalar> inverse_deviation(std::span<const ConstView<Scalar>> inputs, std::int64_t first,
                                  std::int64_t width) const {
    return (per_channel(inputs, variance, first, width) + static_cast<Scalar>(epsilon_)).sqrt().inverse();
  }

  // Calls visit(split, first channel, channels).
  template <class Visit>
  void for_each_block(const Shape& shape, Visit&& visit) const {
    const AxisSplit split = split_at(shape, axis_);
    for (std::int64_t first = 0; first < split.extent; first += kBlock)
      visit(split, first, std::min(kBlock, split.extent - first));
  }

  // Calls visit(offset, length, of_run) for the contiguous elements of these channels: of_run(block) is what goes with
  // each element of the run. Where channels are the last axis, a run is all of them, else one of them.
  template <class Visit>
  static void for_each_run(const AxisSplit& split, std::int64_t first, std::int64_t width, Visit&& visit) {
    for (std::int64_t o = 0; o < split.outer; ++o) {
      const std::int64_t start = (o * split.extent + first) * split.inner;
      if (split.inner == 1)
        visit(
            start, width, [](const auto& block) -> const auto& { return block; });
      else
        for (std::int64_t c = 0; c < width; ++c)
          visit(start + c * split.inner, split.inner, [&](const auto& block) { return block[c]; });
    }
  }

  // Per channel: the sum of the adjoint, or of the adjoint times (x - mean).
  template <class Scalar>
  static Block<Scalar> sums(const Backward<Scalar>& call, const AxisSplit& split, std::int64_t first,
                            std::int64_t width, bool times_centred) {
    const auto centre = per_channel(call.inputs, mean, first, width);
    Block<Scalar> total = Block<Scalar>::Zero(width);
    for (std::int64_t o = 0; o < split.outer; ++o) {
      const std::int64_t start = (o * split.extent + first) * split.inner;
      const ConstMatrixMap<Scalar> g(call.adjoint.data + start, width, split.inner);
      const ConstMatrixMap<Scalar> value(call.inputs[x].data + start, width, split.inner);
      if (times_centred && split.inner == 1)
        total += g.col(0).array() * (value.col(0).array() - centre);
      else if (times_centred)
        total += (g.array() * (value.array().colwise() - centre)).rowwise().sum();
      else
        total += g.array().rowwise().sum();
    }
    return total;
  }

  std::int64_t axis_;
  double epsilon_;
};

double epsilon_argument(const Call& call, const std::string& function) {
  const auto found = call.named.find("epsilon");
  return found == call.named.end() ? 1e-5 : number_argument(found->second, "epsilon of " + function);
}

ExpressionPtr make_layer_norm(const Call& call) {
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of layer_norm");
  const std::int64_t axis = axis_argument(call, x->shape, -1);
  ExpressionPtr y = apply(normalize_op(axis, epsilon_argument(call, "layer_norm")), {x});
  const Shape own(x->shape.extents().last(static_cast<std::size_t>(-axis)));
  if (named_switch(call, "scale", true))
    y = apply(mul_op(), {y, call.scope->own_parameter("scale", own, {Initializer::Kind::constant, 1})});
  if (named_switch(call, "bias", true))
    y = apply(add_op(), {y, call.scope->own_parameter("bias", own, {Initializer::Kind::constant, 0})});
  return y;
}

ExpressionPtr make_batch_norm(const Call& call) {
  std::vector<ExpressionPtr> operands;
  for (const Argument& argument : call.arguments)
    operands.push_back(tensor_argument(argument, "an argument of batch_norm"));
  const Shape& x = operands[0]->shape;
  const std::int64_t first = -static_cast<std::int64_t>(x.sample().rank());
  if (first == 0) throw BadConfig("batch_norm needs an input with an axis besides the batch, not " + x.to_string());
  return apply(batch_norm_op(axis_argument(call, x, first), epsilon_argument(call, "batch_norm")), std::move(operands));
}

GradientCase batch_norm_case(const std::string& name, const Shape& x, std::int64_t axis, double epsilon) {
  const Shape channels{split_at(x, axis).extent};
  return {name,
          batch_norm_op(axis, epsilon),
          {case_values(name + " x", x), case_values(name + " scale", channels), case_values(name + " bias", channels),
           case_values(name + " mean", channels), case_values(name + " variance", channels, 0.5, 2)}};
}

}  // namespace

OpPtr normalize_op(std::int64_t first_axis_from_end, double epsilon) {
  return std::make_shared<const Normalize>(first_axis_from_end, epsilon);
}

ExpressionPtr layer_norm(const ExpressionPtr& x, const ExpressionPtr& scale, const ExpressionPtr& bias,
                         std::int64_t first_axis_from_end, double epsilon) {
  for (const ExpressionPtr& operand : {scale, bias})
    if (operand && !(broadcast(x->shape, operand->shape) == x->shape))
      throw BadConfig("layer_norm's scale or bias " + operand->shape.to_string() + " does not broadcast to its input " +
                      x->shape.to_string());
  const ExpressionPtr scaled = apply(mul_op(), {apply(normalize_op(first_axis_from_end, epsilon), {x}), scale});
  return bias ? apply(add_op(), {scaled, bias}) : scaled;
}

OpPtr batch_norm_op(std::int64_t channel_axis_from_end, double epsilon) {
  return std::make_shared<const BatchNorm>(channel_axis_from_end, epsilon);
}

OperatorFamily normalisation_family() {
  OperatorFamily family;
  family.name = "normalisation";
  family.functions.push_back({.name = "layer_norm",
                              .signature = "layer_norm(x, axis=-1, epsilon=1e-5, scale=1, bias=1)",
                              .min_arguments = 1,
                              .max_arguments = 1,
                              .keywords = {"axis", "epsilon", "scale", "bias"},
                              .make = make_layer_norm});
  family.functions.push_back({.name = "batch_norm",
                              .signature = "batch_norm(x, scale, bias, mean, variance, axis=0, epsilon=1e-5)",
                              .min_arguments = 5,
                              .max_arguments = 5,
                              .keywords = {"axis", "epsilon"},
                              .make = make_batch_norm});
  const Tensor<double> x = case_values("normalize", {2, 3, 5});
  family.gradient_cases = {{"normalize over the last axis", normalize_op(-1, 1e-5), {x}},
                           {"normalize over the last axes", normalize_op(-2, 1e-2), {x}},
                           {"normalize over all axes", normalize_op(-3, 0.5), {x}},
                           batch_norm_case("batch_norm of images", {2, 3, 4, 5}, -3, 1e-5),
                           batch_norm_case("batch_norm of rows", {4, 70}, -1, 1e-2),
                           batch_norm_case("batch_norm of many channels", {2, 70, 3}, -2, 0.1)};
  return family;
}

}  // namespace settle
