#include "graph/ops/convolution.hpp"

#include "graph/eigen.hpp"
#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cases.hpp"
#include "graph/ops/convolve.hpp"
#include "graph/ops/support.hpp"
#include "graph/ops/window_arguments.hpp"

namespace settle {
namespace {

// One class for both: a transposed convolution's function is a convolution's adjoint.
class ConvolutionOp final : public OpKernels<ConvolutionOp> {
 public:
  ConvolutionOp(ConvolutionSpec spec, bool transposed) : spec_(std::move(spec)), transposed_(transposed) {
    if (spec_.groups < 1)
      throw BadConfig(std::string(name()) + " needs at least 1 group, not " + std::to_string(spec_.groups));
  }

  std::string_view name() const override { return transposed_ ? "conv_transpose" : "conv"; }

  Shape infer(std::span<const Shape> inputs) const override {
    require_inputs(name(), inputs, spec_.bias ? 3 : 2);
    const Shape& x = inputs[0];
    const Shape& weight = inputs[1];
    const std::size_t axis = channel_axis(x, weight);
    require_channels(x, weight, x[axis]);
    const Convolution shape = shape_of(x, weight);
    const std::int64_t channels = transposed_ ? shape.in : shape.out;
    if (spec_.bias && !(inputs[2] == Shape{channels}))
      throw BadConfig(std::string(name()) + "'s bias must be [" + std::to_string(channels) +
                      "], one element a channel of its result, not " + inputs[2].to_string());
    Shape y = with_extent(x, axis, channels);
    for (std::size_t i = axis + 1; i < x.rank(); ++i) {
      const WindowAxis& window = shape.window.axes[kMaxSpatialAxes - x.rank() + i];
      y = with_extent(y, i, transposed_ ? window.in : window.out);
    }
    return y;
  }

  bool adjoint_reads(std::size_t of, std::size_t other) const override {
    return (of == 0 && other == 1) || (of == 1 && other == 0);
  }

  double cost(std::span<const Shape> inputs, const Shape& output) const override {
    const Shape& ends = transposed_ ? inputs[0] : output;  // every element of it meets a kernel once
    const auto weight =
        static_cast<double>(inputs[1].size()) / static_cast<double>(std::max<std::int64_t>(inputs[1][0], 1));
    return 2 * static_cast<double>(ends.size()) * weight + (spec_.bias ? static_cast<double>(output.size()) : 0);
  }

  std::string standard_form(StandardWriter& writer, std::span<const StandardValue> inputs,
                            const Shape&) const override {
    std::vector<StandardAttribute> attributes = standard_attributes(spec_.window);
    attributes.push_back({"group", spec_.groups});
    if (!spec_.output_padding.empty()) attributes.push_back({"output_padding", spec_.output_padding});
    if (!spec_.output_shape.empty()) attributes.push_back({"output_shape", spec_.output_shape});
    std::vector<std::string> operands;
    for (const StandardValue& input : inputs) operands.push_back(input.name);
    return with_batch_axis(writer, inputs[0].shape.rank() == inputs[1].shape.rank(), operands,
                           [&] { return writer.node(transposed_ ? "ConvTranspose" : "Conv", operands, attributes); });
  }

  template <class Scalar>
  void run(std::span<const ConstView<Scalar>> inputs, View<Scalar> output) const {
    const Convolution shape = shape_of(inputs[0].shape, inputs[1].shape);
    if (spec_.bias)
      add_bias(inputs[2], output, shape.batch);
    else
      array(output).setZero();
    if (inputs[0].size() == 0 || output.size() == 0) return;
    if (transposed_)
      convolve_to_input(shape, inputs[0].data, inputs[1].data, output.data);
    else
      convolve(shape, inputs[0].data, inputs[1].data, output.data);
  }

  template <class Scalar>
  void adjoint(const Backward<Scalar>& call) const {
    if (!call.accumulate) array(call.result).setZero();
    if (call.result.size() == 0 || call.adjoint.size() == 0) return;
    const Scalar* x = call.inputs[0].data;
    const Scalar* weight = call.inputs[1].data;
    const Scalar* g = call.adjoint.data;
    const Convolution shape = shape_of(call.inputs[0].shape, call.inputs[1].shape);
    switch (call.input) {
      case 0:
        if (transposed_)
          convolve(shape, g, weight, call.result.data);
        else
          convolve_to_input(shape, g, weight, call.result.data);
        break;
      case 1:
        if (transposed_)
          convolve_to_weight(shape, x, g, call.result.data);
        else
          convolve_to_weight(shape, g, x, call.result.data);
        break;
      default: {
        const auto rows = matrix(call.adjoint, shape.batch * call.result.size());
        for (Eigen::Index r = 0; r < rows.rows(); ++r) call.result.data[r % call.result.size()] += rows.row(r).sum();
      }
    }
  }

 private:
  // Where x has its channels: after a batch, or first.
  std::size_t channel_axis(const Shape& x, const Shape& weight) const {
    const std::size_t axis = x.rank() + 1 == weight.rank() && !x.batched() ? 0 : 1;
    if (weight.batched() || weight.rank() < 3 || x.rank() != weight.rank() - 1 + axis)
      throw BadConfig(std::string(name()) +
                      " needs an input [batch, channels, ...] of 1 to 3 spatial axes and a weight of as many, not " +
                      x.to_string() + " and " + weight.to_string());
    return axis;
  }

  void require_channels(const Shape& x, const Shape& weight, std::int64_t channels) const {
    const std::int64_t expected = transposed_ ? weight[0] : weight[1] * spec_.groups;
    if (channels != expected)
      throw BadConfig(std::string(name()) + "'s weight " + weight.to_string() + " in " + std::to_string(spec_.groups) +
                      " groups takes " + std::to_string(expected) + " channels, but its input " + x.to_string() +
                      " has " + std::to_string(channels));
    if (weight[0] % spec_.groups != 0)
      throw BadConfig(std::string(name()) + " cannot share " + std::to_string(weight[0]) + " channels out among " +
                      std::to_string(spec_.groups) + " groups");
  }

  // The convolution this is, or is the adjoint of.
  Convolution shape_of(const Shape& x, const Shape& weight) const {
    const std::size_t axis = channel_axis(x, weight);
    const auto extents = wide(x.extents().subspan(axis + 1));
    const auto kernel = wide(weight.extents().subspan(2));
    Convolution shape;
    shape.batch = axis == 0 ? 1 : x[0];
    shape.in = weight[1] * spec_.groups;
    shape.out = weight[0];
    shape.groups = spec_.groups;
    shape.window = transposed_ ? make_transposed_window(name(), spec_.window, extents, kernel, spec_.output_padding,
                                                        spec_.output_shape)
                               : make_window(name(), spec_.window, extents, kernel);
    return shape;
  }

  template <class Scalar>
  static void add_bias(const ConstView<Scalar>& bias, const View<Scalar>& y, std::int64_t batch) {
    auto rows = matrix(y, batch * bias.size());
    for (Eigen::Index r = 0; r < rows.rows(); ++r) rows.row(r).setConstant(bias.data[r % bias.size()]);
  }

  ConvolutionSpec spec_;
  bool transposed_;
};

ExpressionPtr make_convolution(const Call& call, bool transposed) {
  const std::string name = transposed ? "conv_transpose" : "conv";
  const ExpressionPtr& x = tensor_argument(call.arguments[0], "the input of " + name);
  const std::size_t axes = spatial_axes(name, x->shape);
  const std::int64_t channels = x->shape.sample()[0];
  const std::int64_t made = integer_argument(call.arguments[1], "channels of " + name);
  ConvolutionSpec spec;
  spec.window = window_arguments(name, call, 2, axes, 1);
  spec.groups = named_integer(call, "groups", 1);
  spec.bias = named_switch(call, "bias", true);
  if (call.named.contains("output_pad")) spec.output_padding.assign(axes, named_integer(call, "output_pad", 0));
  if (made < 1) throw BadConfig(name + " needs at least 1 channel, not " + std::to_string(made));
  if (spec.groups < 1 || channels % spec.groups != 0 || made % spec.groups != 0)
    throw BadConfig(name + " cannot share " + std::to_string(channels) + " channels of its input and " +
                    std::to_string(made) + " of its own out among " + std::to_string(spec.groups) + " groups");
  std::vector<std::int64_t> extents{transposed ? channels : made, (transposed ? made : channels) / spec.groups};
  std::int64_t fan_in = extents[1];
  for (const std::int64_t extent : std::exchange(spec.window.kernel, {})) {
    extents.push_back(extent);
    fan_in *= extent;
  }
  const Initializer init = call.scope->default_init(fan_in);
  const MakeParameter parameter = parameter_maker(call, name);
  std::vector<ExpressionPtr> arguments{x, parameter("weight", Shape(std::span<const std::int64_t>(extents)), init)};
  if (spec.bias) arguments.push_back(parameter("bias", {made}, init));
  return apply(transposed ? conv_transpose_op(spec) : conv_op(spec), std::move(arguments));
}

FunctionSpec convolution_function(bool transposed) {
  FunctionSpec spec;
  spec.name = transposed ? "conv_transpose" : "conv";
  spec.signature = spec.name + "(x, channels, kernel [one for all axes or one each], stride=1, pad=0, dilation=1, " +
                   (transposed ? "output_pad=0, " : "") + "groups=1, bias=1, share=NAME)";
  spec.min_arguments = 3;
  spec.max_arguments = 2 + kMaxSpatialAxes;
  spec.keywords = {"stride", "pad", "dilation", "groups", "bias", "share"};
  if (transposed) spec.keywords.push_back("output_pad");
  spec.make = [transposed](const Call& call) { return make_convolution(call, transposed); };
  return spec;
}

GradientCase convolution_case(const std::string& name, const OpPtr& op, const Shape& x, const Shape& weight,
                              std::int64_t bias = 0) {
  GradientCase gradient_case{std::string(op->name()) + " " + name, op, {}};
  gradient_case.inputs = {case_values(name + " x", x), case_values(name + " weight", weight)};
  if (bias > 0) gradient_case.inputs.push_back(case_values(name + " bias", {bias}));
  return gradient_case;
}

}  // namespace

OpPtr conv_op(ConvolutionSpec spec) { return std::make_shared<const ConvolutionOp>(std::move(spec), false); }
OpPtr conv_transpose_op(ConvolutionSpec spec) { return std::make_shared<const ConvolutionOp>(std::move(spec), true); }

OperatorFamily convolution_family() {
  OperatorFamily family;
  family.name = "convolution";
  family.functions = {convolution_function(false), convolution_function(true)};
  const WindowSpec mixed{.strides = {2, 1}, .pads = {1, 0, 2, 1}, .dilations = {1, 2}};
  const WindowSpec upper{.strides = {2, 3}, .auto_pad = AutoPad::same_upper};
  const WindowSpec lower{.strides = {2, 2}, .dilations = {2, 1}, .auto_pad = AutoPad::same_lower};
  const WindowSpec valid{.pads = {9, 9}, .auto_pad = AutoPad::valid};
  const WindowSpec all_axes{.strides = {2, 1, 1}, .pads = {1, 0, 1, 0, 1, 0}};
  family.gradient_cases = {
      convolution_case("2-D", conv_op(), {2, 3, 5, 4}, {4, 3, 3, 2}, 4),
      convolution_case("2-D, no batch", conv_op(), {3, 5, 4}, {4, 3, 3, 2}, 4),
      convolution_case("strides, pads, dilations", conv_op({.window = mixed}), {2, 2, 5, 6}, {3, 2, 3, 2}, 3),
      convolution_case("same upper", conv_op({.window = upper, .bias = false}), {2, 2, 5, 7}, {3, 2, 3, 2}),
      convolution_case("same lower", conv_op({.window = lower}), {2, 2, 6, 5}, {3, 2, 3, 2}, 3),
      convolution_case("groups", conv_op({.groups = 2}), {2, 4, 4, 3}, {6, 2, 2, 3}, 6),
      convolution_case("depthwise", conv_op({.groups = 3, .bias = false}), {2, 3, 4, 3}, {3, 1, 2, 2}),
      convolution_case("pointwise", conv_op(), {2, 3, 2, 3}, {4, 3, 1, 1}, 4),
      convolution_case("pointwise, groups", conv_op({.groups = 2}), {2, 4, 3}, {2, 2, 1}, 2),
      convolution_case("1-D", conv_op({.window = valid}), {2, 3, 7}, {2, 3, 3}, 2),
      convolution_case("3-D", conv_op({.window = all_axes}), {1, 2, 3, 3, 4}, {2, 2, 2, 2, 3}, 2),
      convolution_case("3-D, strides of 1", conv_op(), {1, 2, 3, 4, 5}, {2, 2, 2, 2, 3}, 2),
      convolution_case("2-D", conv_transpose_op(), {2, 3, 3, 4}, {3, 2, 3, 2}, 2),
      convolution_case("strides, pads, dilations", conv_transpose_op({.window = mixed, .output_padding = {1, 0}}),
                       {2, 2, 3, 4}, {2, 3, 3, 2}, 3),
      convolution_case("output shape",
                       conv_transpose_op({.window = {.strides = {3, 2}}, .bias = false, .output_shape = {10, 8}}),
                       {1, 2, 3, 3}, {2, 1, 3, 3}),
      convolution_case("same upper, groups", conv_transpose_op({.window = upper, .groups = 2}), {1, 4, 2, 2},
                       {4, 1, 3, 5}, 2),
      convolution_case("pointwise", conv_transpose_op(), {2, 3, 4}, {3, 2, 1}, 2),
  };
  return family;
}

}  // namespace settle
