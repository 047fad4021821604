// Elements picked and placed by indices, and positions of elements.
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/gather.hpp"
#include "graph/ops/one_hot.hpp"
#include "graph/ops/scatter.hpp"

namespace settle::onnx {
namespace {

std::int64_t axis_of(const NodeView& node, std::int64_t fallback = 0) {
  return node.axis_from_end(node.integer("axis", fallback), node.rank(0));
}

Values gather_node(const NodeView& node) { return {node.input(0).with(gather(node[0], node[1], axis_of(node)))}; }

Values gather_elements_node(const NodeView& node) {
  return {node.input(0).with(gather_elements(node[0], node[1], axis_of(node)))};
}

Values gather_nd_node(const NodeView& node) {
  const std::int64_t batch_axes = node.integer("batch_dims", 0);
  if (batch_axes < 0) node.invalid("batch_dims cannot be negative");
  return {node.input(0).with(gather_nd(node[0], node[1], static_cast<std::size_t>(batch_axes)))};
}

ScatterMode mode_of(const NodeView& node) {
  const std::string reduction = node.text("reduction", "none");
  if (reduction == "add") return ScatterMode::add;
  if (reduction == "mul") return ScatterMode::multiply;
  if (reduction != "none") node.unsupported("reduction '" + reduction + "'");
  return ScatterMode::replace;
}

Values scatter_elements_node(const NodeView& node) {
  return {node.input(0).with(scatter_elements(node[0], node[1], node[2], axis_of(node), mode_of(node)))};
}

Values scatter_nd_node(const NodeView& node) {
  return {node.input(0).with(scatter_nd(node[0], node[1], node[2], mode_of(node)))};
}

Values one_hot(const NodeView& node) {
  const Tensor<double> values = node.elements(2);
  if (values.size() != 2) node.invalid("its values must be two: off and on");
  const std::int64_t axis = node.axis_from_end(node.integer("axis", -1), node.rank(0) + 1);
  return {node.input(2).with(apply(one_hot_op(node.integer(1), axis, values.data()[0], values.data()[1]), {node[0]}))};
}

template <OpPtr (*Make)(std::int64_t, bool, bool)>
Values position(const NodeView& node) {
  const OpPtr op = Make(axis_of(node), node.flag("keepdims", true), node.flag("select_last_index", false));
  return {{apply(op, {node[0]}), ElementType::int64}};
}

constexpr Operator kOperators[] = {
    {.name = "Gather", .import = gather_node, .since = 1},
    {.name = "GatherElements", .import = gather_elements_node, .since = 11},
    {.name = "GatherND", .import = gather_nd_node, .since = 11},
    {.name = "Scatter", .import = scatter_elements_node, .since = 9},
    {.name = "ScatterElements", .import = scatter_elements_node, .since = 11},
    {.name = "ScatterND", .import = scatter_nd_node, .since = 11},
    {.name = "OneHot", .import = one_hot, .since = 9},
    {.name = "ArgMax", .import = position<argmax_op>, .since = 1},
    {.name = "ArgMin", .import = position<argmin_op>, .since = 1},
};

}  // namespace

std::span<const Operator> indexing_operators() { return kOperators; }

}  // namespace settle::onnx
