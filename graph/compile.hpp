// Purpose: turns the expressions of one vertex's location and precision into its Program. Shared subexpressions become
// one register.
// Caller: GraphBuilder. Thread rule: pure.
#pragma once

#include <vector>

#include "graph/expression.hpp"

namespace settle {

struct Compiled {
  Program program;
  std::vector<VertexId> parents;          // by slot, in order of first use
  std::vector<ParameterSpec> parameters;  // in order of first use; one entry per name
};

// `precision` may be null: the program makes none.
// Errors: BadConfig where the precision's shape does not broadcast to the location's.
Compiled compile(const ExpressionPtr& location, const ExpressionPtr& precision = nullptr);

}  // namespace settle
