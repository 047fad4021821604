// Purpose: elements that occur several times: expand (numpy.broadcast_to, ONNX Expand) and tile (numpy.tile).
// Extents and repeats are those of the last axes, so that they serve a sample with and without a batch; the batch is
// not repeated. The adjoint of an element is the sum of its copies' adjoints.
// Errors: BadConfig where shapes do not broadcast, or a repeat is below 1. Thread rule: pure functions.
#pragma once

#include <vector>

#include "graph/function.hpp"

namespace settle {

// Broadcasts with a tensor of these extents: axes of extent 1 grow, and an extent of 1 leaves the axis as it is.
OpPtr expand_op(std::vector<std::int64_t> extents);
// Broadcasts with a whole shape, which may begin with the batch.
OpPtr broadcast_op(const Shape& shape);
// The whole tensor, repeated along its last axes.
OpPtr tile_op(std::vector<std::int64_t> repeats);

OperatorFamily repeat_family();

}  // namespace settle
