// Sums and means over axes.
#include "graph/onnx/ops/compose.hpp"
#include "graph/onnx/ops/list.hpp"
#include "graph/ops/reduce.hpp"

namespace settle::onnx {
namespace {

Values sum(const NodeView& node) { return reduced(node, 13, sum_op); }
Values mean(const NodeView& node) { return reduced(node, 18, mean_op); }

constexpr Operator kOperators[] = {
    {.name = "ReduceSum", .import = sum, .since = 1},
    {.name = "ReduceMean", .import = mean, .since = 1},
};

}  // namespace

std::span<const Operator> reduction_operators() { return kOperators; }

}  // namespace settle::onnx
