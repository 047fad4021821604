// Purpose: many elements become one, over axes of a sample. Never over the batch: every sample keeps a result of its
// own.
//   sum, mean, prod                 sum_square  sum of x^2           log_sum      log sum of x
//   max, min                        l1_norm     sum of |x|           log_sum_exp  log sum of exp(x), without overflow
//                                   l2_norm     sqrt sum of x^2
// The adjoint of max and min goes to the first of equal elements; that of l2_norm is 0 where all elements are.
// Axes count from the end (graph/ops/axes.hpp); none stands for all axes of a sample.
// Shapes: a reduced axis goes, or with `keep` stays with extent 1. Where nothing but the batch would be left, one axis
// of extent 1 stays: all of [batch, 28, 28] gives [batch, 1]. All of [5], without a batch, gives [].
// Errors: BadConfig for an axis that is not there or is given twice. Thread rule: pure functions.
#pragma once

#include <vector>

#include "graph/function.hpp"

namespace settle {

OpPtr sum_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr mean_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr prod_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr max_of_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr min_of_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr l1_norm_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr l2_norm_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr sum_square_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr log_sum_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);
OpPtr log_sum_exp_op(std::vector<std::int64_t> axes_from_end = {}, bool keep = false);

// sum(x, axis=ALL, keep=0) and so on by their names; max and min of one tensor, while max(x, y, ...) and min(x, y, ...)
// are those of graph/ops/arithmetic.hpp.
OperatorFamily reduce_family();

}  // namespace settle
