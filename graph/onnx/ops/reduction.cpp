// Sums, means, extremes and norms over axes.
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/reduce.hpp"

namespace settle::onnx {
namespace {

// The operator set from which on the axes are an input. Of those to 17, only the sum has such a definition.
template <OpPtr (*Make)(std::vector<std::int64_t>, bool), std::int64_t AxesAreInput = 18>
Values reduction(const NodeView& node) {
  return reduced(node, AxesAreInput, Make);
}

constexpr Operator kOperators[] = {
    {.name = "ReduceSum", .import = reduction<sum_op, 13>, .since = 1},
    {.name = "ReduceMean", .import = reduction<mean_op>, .since = 1},
    {.name = "ReduceProd", .import = reduction<prod_op>, .since = 1},
    {.name = "ReduceMax", .import = reduction<max_of_op>, .since = 1},
    {.name = "ReduceMin", .import = reduction<min_of_op>, .since = 1},
    {.name = "ReduceL1", .import = reduction<l1_norm_op>, .since = 1},
    {.name = "ReduceL2", .import = reduction<l2_norm_op>, .since = 1},
    {.name = "ReduceSumSquare", .import = reduction<sum_square_op>, .since = 1},
    {.name = "ReduceLogSum", .import = reduction<log_sum_op>, .since = 1},
    {.name = "ReduceLogSumExp", .import = reduction<log_sum_exp_op>, .since = 1},
};

}  // namespace

std::span<const Operator> reduction_operators() { return kOperators; }

}  // namespace settle::onnx
