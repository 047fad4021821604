// Tensors joined, cut, padded, repeated and summed up along axes.
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/cumsum.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/pad.hpp"
#include "graph/ops/repeat.hpp"

namespace settle::onnx {
namespace {

// Tensors without elements add nothing.
Values concat(const NodeView& node) {
  const std::int64_t axis =
      node.axis_from_end(node.opset() < 4 ? node.integer("axis", 1) : node.required_integer("axis"), node.rank(0));
  std::vector<ExpressionPtr> parts;
  for (const ExpressionPtr& part : node.all())
    if (part->shape.size() > 0) parts.push_back(part);
  if (parts.empty()) parts.push_back(node[0]);
  if (parts.size() == 1) return {node.input(0).with(parts[0])};
  return {node.input(0).with(apply(concat_op(axis), std::move(parts)))};
}

// The parts' extents, or as many equal parts as there are outputs.
Values split_node(const NodeView& node) {
  const std::int64_t axis = node.axis_from_end(node.integer("axis", 0), node.rank(0));
  const std::int64_t whole = node.shape(0)[axis_position("Split", node.shape(0), axis)];
  const auto parts = static_cast<std::int64_t>(node.output_count());
  std::vector<std::int64_t> extents = node.list("split", 1, 13).value_or(std::vector<std::int64_t>());
  if (extents.empty()) {
    if (whole % parts != 0)
      node.invalid(std::to_string(whole) + " elements cannot be split into " + std::to_string(parts) + " equal parts");
    extents.assign(static_cast<std::size_t>(parts), whole / parts);
  }
  Values values;
  std::int64_t begin = 0;
  for (const std::int64_t extent : extents) {
    if (extent < 0 || extent > whole - begin) node.invalid("its parts are longer than the axis");
    values.push_back(node.input(0).with(slice_of(node[0], axis, {begin, 1, extent})));
    begin += extent;
  }
  if (begin != whole) node.invalid("its parts are shorter than the axis");
  return values;
}

// start and end as numpy has them: negative ones count from the end, and all are clamped to the axis.
Picked picked_of(const NodeView& node, std::int64_t start, std::int64_t end, std::int64_t step, std::int64_t extent) {
  if (step == 0) node.invalid("a step cannot be 0");
  const std::int64_t low = step > 0 ? 0 : -1;
  const std::int64_t high = step > 0 ? extent : extent - 1;
  const auto clamped = [&](std::int64_t at) { return std::clamp(at < 0 ? at + extent : at, low, high); };
  const std::int64_t first = clamped(start);
  // What lies between the ends, in steps, rounded up; a step beyond the axis picks one element.
  const std::int64_t reach = step > 0 ? clamped(end) - first : first - clamped(end);
  const std::int64_t pace = step > 0 ? step : step < -extent ? extent + 1 : -step;
  return {first, step, reach <= 0 ? 0 : (reach - 1) / pace + 1};
}

Values slice(const NodeView& node) {
  const bool attributes = node.opset() < 10;
  const std::vector<std::int64_t> starts = attributes ? node.integers("starts") : node.integers(1);
  const std::vector<std::int64_t> ends = attributes ? node.integers("ends") : node.integers(2);
  std::vector<std::int64_t> axes = node.list("axes", 3, 10).value_or(std::vector<std::int64_t>());
  std::vector<std::int64_t> steps(starts.size(), 1);
  if (!attributes && node.has(4)) steps = node.integers(4);
  if (axes.empty())
    for (std::size_t k = 0; k < starts.size(); ++k) axes.push_back(static_cast<std::int64_t>(k));
  if (ends.size() != starts.size() || axes.size() != starts.size() || steps.size() != starts.size())
    node.invalid("starts, ends, axes and steps must be of one length");
  ExpressionPtr y = node[0];
  for (std::size_t k = 0; k < starts.size(); ++k) {
    const std::int64_t axis = node.axis_from_end(axes[k], node.rank(0));
    const std::int64_t extent = y->shape[axis_position("Slice", y->shape, axis)];
    y = slice_of(y, axis, picked_of(node, starts[k], ends[k], steps[k], extent));
  }
  return {node.input(0).with(y)};
}

// Attributes before operator set 11, inputs since: the begin of every axis, then the end of every axis.
Values pad(const NodeView& node) {
  const auto pads = node.list("pads", 1, 11);
  const std::size_t rank = node.rank(0);
  if (!pads || pads->size() != 2 * rank)
    node.invalid("it needs " + std::to_string(2 * rank) + " pads, two for each axis");
  double value = 0;
  if (node.opset() < 11)
    value = node.number("value", 0);
  else if (node.has(2))
    value = node.number(2);
  const std::string mode = node.text("mode", "constant");
  if (mode != "constant" && mode != "reflect" && mode != "edge") node.unsupported("mode '" + mode + "'");
  std::vector<Pads> axes;
  for (std::size_t axis = 0; axis < rank; ++axis) axes.push_back({(*pads)[axis], (*pads)[axis + rank]});
  const PadMode how = mode == "constant" ? PadMode::constant : mode == "reflect" ? PadMode::reflect : PadMode::edge;
  return {node.input(0).with(apply(pad_op(std::move(axes), how, value), {node[0]}))};
}

// Broadcasts with a tensor of that shape, in both directions.
Values expand(const NodeView& node) {
  const std::vector<std::int64_t> extents = node.integers(1);
  for (const std::int64_t extent : extents)
    if (extent < 0) node.invalid("an extent cannot be " + std::to_string(extent));
  return {node.input(0).with(apply(expand_op(extents), {node[0]}))};
}

Values tile(const NodeView& node) {
  const std::vector<std::int64_t> repeats = node.integers(1);
  if (repeats.size() != node.rank(0)) node.invalid("it needs one repeat for each axis");
  return {node.input(0).with(apply(tile_op(repeats), {node[0]}))};
}

Values cumsum(const NodeView& node) {
  const std::int64_t axis = node.axis_from_end(node.integer(1), node.rank(0));
  return {node.input(0).with(
      apply(cumsum_op(axis, node.flag("exclusive", false), node.flag("reverse", false)), {node[0]}))};
}

constexpr Operator kOperators[] = {
    {.name = "Concat", .import = concat, .since = 1},  {.name = "Split", .import = split_node, .since = 2},
    {.name = "Slice", .import = slice, .since = 1},    {.name = "Pad", .import = pad, .since = 2},
    {.name = "Expand", .import = expand, .since = 8},  {.name = "Tile", .import = tile, .since = 6},
    {.name = "CumSum", .import = cumsum, .since = 11},
};

}  // namespace

std::span<const Operator> piece_operators() { return kOperators; }

}  // namespace settle::onnx
