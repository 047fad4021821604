// Purpose: what a vertex's precision may be written as, and what that comes to. Caller: GraphBuilder.
// Thread rule: value types; pure.
#pragma once

#include "graph/expression.hpp"

namespace settle {

// A number, or an expression that broadcasts to the vertex's shape. One of parameters is learned, one of other vertices
// predicted; it must stay positive (exp, softplus, squares), or the vertex diverges.
struct PrecisionSpec {
  PrecisionSpec(double all) : number(all) {}
  PrecisionSpec(ExpressionPtr each) : expression(std::move(each)) {}

  double number = 1;
  ExpressionPtr expression;  // null: the number
};

struct FoldedPrecision {
  PrecisionKind kind = PrecisionKind::uniform;
  double number = 1;         // kind uniform
  ExpressionPtr expression;  // other kinds; constants where fixed
};

// Works out what depends on nothing. Errors: BadConfig where that is not positive and finite.
FoldedPrecision fold(const PrecisionSpec& spec);

}  // namespace settle
