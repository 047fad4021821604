#include "graph/onnx/ops/compose.hpp"

#include "graph/ops/arithmetic.hpp"
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

}  // namespace settle::onnx
