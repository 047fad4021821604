// Purpose: blocks of an image traded against channels, over the last three axes [channels, height, width] (ONNX
// DepthToSpace and SpaceToDepth). Made of reshape and transpose.
//   depth_to_space  [c b b, h, w] -> [c, h b, w b]; `columns_first` (ONNX CRD, pixel shuffle) takes the block's
//   position
//                   from the channel's last digits, otherwise (DCR) from its first
//   space_to_depth  [c, h b, w b] -> [b b c, h, w], the inverse of the latter
// Errors: BadConfig where the block does not divide what it should. Thread rule: pure functions.
#pragma once

#include "graph/function.hpp"

namespace settle {

ExpressionPtr depth_to_space(const ExpressionPtr& x, std::int64_t block, bool columns_first = false);
ExpressionPtr space_to_depth(const ExpressionPtr& x, std::int64_t block);

// depth_to_space(x, block, mode=DCR) and space_to_depth(x, block); mode is DCR or CRD.
OperatorFamily depth_family();

}  // namespace settle
