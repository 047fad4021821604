// Purpose: splits the units of a prediction, its last axis, so that each part can be a vertex of its own (`tile=k`).
// Elementwise operators and linear maps split: a part of a linear map has rows of the weight and of the bias as its own
// parameters. What only looks at other vertices is taken whole and sliced. Caller: GraphBuilder.
// Thread rule: pure functions.
#pragma once

#include <string>
#include <vector>

#include "graph/expression.hpp"

namespace settle {

struct Tile {
  std::string vertex;  // "h{0}", ...
  ExpressionPtr location;
  ExpressionPtr precision;  // null where there is none
};

// Vertex `name`, whose prediction is `location` and whose precision, unless null, is `precision`, as `count` vertices
// of as many units, one more or less. Own parameters NAME.x become NAME{k}.x. Errors: BadConfig for more tiles than
// units, or an operator with own parameters that does not split.
std::vector<Tile> split_units(const std::string& name, const ExpressionPtr& location, const ExpressionPtr& precision,
                              std::int64_t count);

}  // namespace settle
