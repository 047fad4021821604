#include "graph/onnx/ops/compose.hpp"

#include "graph/ops/arithmetic.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/elementary.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/repeat.hpp"
#include "graph/ops/unary.hpp"

namespace settle::onnx {

ExpressionPtr scalar(const ExpressionPtr& x) { return x->shape.rank() == 0 ? x : apply(reshape_op({}), {x}); }

ExpressionPtr reshaped(const ExpressionPtr& x, std::span<const std::int64_t> extents) {
  return apply(reshape_op({extents.begin(), extents.end()}), {x});
}

ExpressionPtr truncated(const ExpressionPtr& x) {
  return apply(mul_op(), {apply(sign_op(), {x}), apply(floor_op(), {apply(abs_op(), {x})})});
}

ExpressionPtr filled(const Shape& shape, double value) {
  if (shape.size() == 0) return constant(Tensor<double>(shape));
  return apply(expand_op({shape.extents().begin(), shape.extents().end()}), {constant(value)});
}

ExpressionPtr integer_list(std::span<const std::int64_t> values) {
  Tensor<double> list(Shape{static_cast<std::int64_t>(values.size())});
  for (std::size_t k = 0; k < values.size(); ++k) list.data()[k] = static_cast<double>(values[k]);
  return constant(std::move(list));
}

ExpressionPtr slice_of(const ExpressionPtr& x, std::int64_t axis_from_end, const Picked& picked) {
  const std::size_t position = axis_position("Slice", x->shape, axis_from_end);
  const std::int64_t extent = x->shape[position];
  if (picked.count == 0) return constant(Tensor<double>(with_extent(x->shape, position, 0)));
  if (picked.count == 1) return apply(slice_op(picked.first, picked.first + 1, axis_from_end), {x});
  if (picked.count == extent && picked.step == 1) return x;
  // One step beyond the last element; before the first there is no number to name it by.
  std::optional<std::int64_t> end = picked.first + (picked.count - 1) * picked.step + (picked.step > 0 ? 1 : -1);
  if (*end < 0) end.reset();
  return apply(slice_op(picked.first, end, axis_from_end, picked.step), {x});
}

Values reduced(const NodeView& node, std::int64_t since, OpPtr (*make)(std::vector<std::int64_t> axes, bool keep)) {
  std::vector<std::int64_t> axes = node.list("axes", 1, since).value_or(std::vector<std::int64_t>());
  if (axes.empty() && node.flag("noop_with_empty_axes", false)) return {node.input(0)};
  if (axes.empty())
    for (std::size_t axis = 0; axis < node.rank(0); ++axis) axes.push_back(static_cast<std::int64_t>(axis));
  return {
      node.input(0).with(apply(make(node.axes_from_end(axes, node.rank(0)), node.flag("keepdims", true)), {node[0]}))};
}

}  // namespace settle::onnx
