// Matrix products.
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/matmul.hpp"

namespace settle::onnx {
namespace {

// Y = alpha op(A) op(B) + beta C. C is optional since operator set 11. The common form of a trained layer,
// x W^T + b, is `linear`.
Values gemm(const NodeView& node) {
  GemmOptions options;
  options.alpha = node.number("alpha", 1);
  options.beta = node.number("beta", 1);
  options.transpose_a = node.flag("transA", false);
  options.transpose_b = node.flag("transB", false);
  const bool has_c = node.has(2);
  if (node.rank(0) != 2 || node.rank(1) != 2) node.invalid("its first two inputs must be matrices");
  const bool layer = options.alpha == 1 && options.beta == 1 && !options.transpose_a && options.transpose_b;
  if (layer && (!has_c || node.shape(2) == Shape{node.shape(1)[0]}))
    return {node.input(0).with(apply(linear_op(has_c), node.all()))};
  return {node.input(0).with(apply(gemm_op(options), node.all()))};
}

Values matmul(const NodeView& node) { return {node.input(0).with(apply(matmul_op(), {node[0], node[1]}))}; }

constexpr Operator kOperators[] = {
    {.name = "Gemm", .import = gemm},
    {.name = "MatMul", .import = matmul, .since = 1},
};

}  // namespace

std::span<const Operator> linear_algebra_operators() { return kOperators; }

}  // namespace settle::onnx
