// Convolutions and poolings: windows over the spatial axes of [batch, channels, ...].
#include "graph/ops/convolution.hpp"

#include "graph/onnx/ops/list.hpp"
#include "graph/ops/pooling.hpp"

namespace settle::onnx {
namespace {

// The attributes that all of them share; the kernel is left to the caller.
WindowSpec window_of(const NodeView& node) {
  WindowSpec spec;
  spec.strides = node.integers("strides");
  spec.pads = node.integers("pads");
  spec.dilations = node.integers("dilations");
  spec.ceil = node.flag("ceil_mode", false);
  const std::string pads = node.text("auto_pad", "NOTSET");
  if (pads == "SAME_UPPER")
    spec.auto_pad = AutoPad::same_upper;
  else if (pads == "SAME_LOWER")
    spec.auto_pad = AutoPad::same_lower;
  else if (pads == "VALID")
    spec.auto_pad = AutoPad::valid;
  else if (pads != "NOTSET")
    node.invalid("auto_pad '" + pads + "' is not one of NOTSET, SAME_UPPER, SAME_LOWER, VALID");
  return spec;
}

ConvolutionSpec convolution_of(const NodeView& node) {
  if (node.rank(0) < 3 || node.rank(0) != node.rank(1))
    node.invalid("its input and weight must have the same three to five axes, not " + node.shape(0).to_string() +
                 " and " + node.shape(1).to_string());
  const std::vector<std::int64_t> kernel = node.integers("kernel_shape");
  if (node.has_attribute("kernel_shape") && !std::ranges::equal(kernel, node.shape(1).extents().subspan(2)))
    node.invalid("kernel_shape is not that of the weight " + node.shape(1).to_string());
  ConvolutionSpec spec;
  spec.window = window_of(node);
  spec.groups = node.integer("group", 1);
  spec.bias = node.has(2);
  return spec;
}

Values conv(const NodeView& node) { return {node.input(0).with(apply(conv_op(convolution_of(node)), node.all()))}; }

Values conv_transpose(const NodeView& node) {
  ConvolutionSpec spec = convolution_of(node);
  spec.output_padding = node.integers("output_padding");
  spec.output_shape = node.integers("output_shape");
  return {node.input(0).with(apply(conv_transpose_op(std::move(spec)), node.all()))};
}

std::size_t spatial_axes_of(const NodeView& node) {
  if (node.rank(0) < 3) node.invalid("its input must be [batch, channels, ...], not " + node.shape(0).to_string());
  return node.rank(0) - 2;
}

WindowSpec pooling_of(const NodeView& node) {
  WindowSpec spec = window_of(node);
  spec.kernel = node.integers("kernel_shape");
  if (spec.kernel.size() != spatial_axes_of(node)) node.invalid("kernel_shape must have one extent a spatial axis");
  return spec;
}

Values max_pool(const NodeView& node) { return {node.input(0).with(apply(max_pool_op(pooling_of(node)), {node[0]}))}; }

Values average_pool(const NodeView& node) {
  return {
      node.input(0).with(apply(average_pool_op(pooling_of(node), node.flag("count_include_pad", false)), {node[0]}))};
}

template <OpPtr (*Make)(std::size_t)>
Values global_pool(const NodeView& node) {
  return {node.input(0).with(apply(Make(spatial_axes_of(node)), {node[0]}))};
}

constexpr Operator kOperators[] = {
    {.name = "Conv", .import = conv, .since = 1},
    {.name = "ConvTranspose", .import = conv_transpose, .since = 1},
    {.name = "MaxPool", .import = max_pool, .since = 1},
    {.name = "AveragePool", .import = average_pool, .since = 1},
    {.name = "GlobalMaxPool", .import = global_pool<global_max_pool_op>, .since = 1},
    {.name = "GlobalAveragePool", .import = global_pool<global_average_pool_op>, .since = 1},
};

}  // namespace

std::span<const Operator> convolution_operators() { return kOperators; }

}  // namespace settle::onnx
