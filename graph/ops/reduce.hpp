// Purpose: sums and means over axes of a sample. Never over the batch: every sample keeps a result of its own.
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

OperatorFamily reduce_family();

}  // namespace settle
