// Shapes of tensors as data, and tensors under other shapes: the same elements, views of them.
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/depth.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/transpose.hpp"

namespace settle::onnx {
namespace {

Value int64_list(std::span<const std::int64_t> values) { return {integer_list(values), ElementType::int64}; }

// From operator set 15 on, a part of the shape: start and end are clamped as in a slice.
Values shape(const NodeView& node) {
  const auto extents = node.shape(0).extents();
  const auto rank = static_cast<std::int64_t>(extents.size());
  const auto clamped = [&](std::int64_t axis) {
    return std::clamp<std::int64_t>(axis < 0 ? axis + rank : axis, 0, rank);
  };
  const std::int64_t start = clamped(node.integer("start", 0));
  const std::int64_t end = std::max(start, clamped(node.integer("end", rank)));
  return {int64_list(wide(extents.subspan(static_cast<std::size_t>(start), static_cast<std::size_t>(end - start))))};
}

Values size(const NodeView& node) {
  return {{constant(static_cast<double>(node.shape(0).size())), ElementType::int64}};
}

// An extent of 0 is the input's, or with `allowzero` really 0; one -1 stands for what is left.
Values reshape(const NodeView& node) {
  std::vector<std::int64_t> extents = node.opset() < 5 ? node.integers("shape") : node.integers(1);
  const Shape& x = node.shape(0);
  if (!node.flag("allowzero", false))
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
      if (extents[axis] != 0) continue;
      if (axis >= x.rank())
        node.invalid("axis " + std::to_string(axis) + " is to stay, but the input has no such axis");
      extents[axis] = x[axis];
    }
  if (x.size() > 0) return {node.input(0).with(reshaped(node[0], extents))};
  std::ranges::replace(extents, -1, 0);
  if (std::ranges::count(extents, 0) == 0) node.invalid("a tensor without elements cannot get any");
  return {node.input(0).with(constant(Tensor<double>(Shape(std::span<const std::int64_t>(extents)))))};
}

// To two axes: those before `axis`, and the others.
Values flatten(const NodeView& node) {
  const Shape& x = node.shape(0);
  std::int64_t axis = node.integer("axis", 1);
  const auto rank = static_cast<std::int64_t>(x.rank());
  if (axis < -rank || axis > rank) node.invalid("axis " + std::to_string(axis) + " is not one of " + x.to_string());
  if (axis < 0) axis += rank;
  std::int64_t extents[] = {1, 1};
  for (std::int64_t k = 0; k < rank; ++k) extents[k < axis ? 0 : 1] *= x[static_cast<std::size_t>(k)];
  return {node.input(0).with(reshaped(node[0], extents))};
}

// Without axes given, all of extent 1 go.
Values squeeze(const NodeView& node) {
  const auto axes = node.list("axes", 1, 13);
  return {node.input(0).with(
      apply(squeeze_op(axes ? node.axes_from_end(*axes, node.rank(0)) : std::vector<std::int64_t>()), {node[0]}))};
}

// The axes are those of the result.
Values unsqueeze(const NodeView& node) {
  const auto axes = node.list("axes", 1, 13);
  if (!axes) node.invalid("its axes are missing");
  return {node.input(0).with(apply(unsqueeze_op(node.axes_from_end(*axes, node.rank(0) + axes->size())), {node[0]}))};
}

Values transpose(const NodeView& node) {
  std::vector<std::int64_t> order = node.integers("perm");
  if (!node.has_attribute("perm"))
    for (std::size_t axis = node.rank(0); axis-- > 0;) order.push_back(static_cast<std::int64_t>(axis));
  return {node.input(0).with(apply(transpose_op(order), {node[0]}))};
}

std::int64_t block_of(const NodeView& node) {
  if (node.rank(0) != 4) node.invalid("its input must be [batch, channels, height, width]");
  return node.required_integer("blocksize");
}

Values depth_to_space_node(const NodeView& node) {
  const std::string mode = node.text("mode", "DCR");
  if (mode != "DCR" && mode != "CRD") node.unsupported("mode '" + mode + "'");
  return {node.input(0).with(depth_to_space(node[0], block_of(node), mode == "CRD"))};
}

Values space_to_depth_node(const NodeView& node) {
  return {node.input(0).with(space_to_depth(node[0], block_of(node)))};
}

constexpr Operator kOperators[] = {
    {.name = "Shape", .import = shape, .since = 1},
    {.name = "Size", .import = size, .since = 1},
    {.name = "Reshape", .import = reshape, .since = 1},
    {.name = "Flatten", .import = flatten, .since = 1},
    {.name = "Squeeze", .import = squeeze, .since = 1},
    {.name = "Unsqueeze", .import = unsqueeze, .since = 1},
    {.name = "Transpose", .import = transpose, .since = 1},
    {.name = "DepthToSpace", .import = depth_to_space_node, .since = 1},
    {.name = "SpaceToDepth", .import = space_to_depth_node, .since = 1},
};

}  // namespace

std::span<const Operator> shape_operators() { return kOperators; }

}  // namespace settle::onnx
