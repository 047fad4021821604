// Purpose: turns an expression into the Program of one vertex. Shared subexpressions become one register.
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

Compiled compile(const ExpressionPtr& expression);

}  // namespace settle
