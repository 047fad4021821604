// Purpose: what an expression is made of, and its elements where they are known without a run.
// Caller: importer, emitter. Thread rule: pure functions.
#pragma once

#include <functional>
#include <vector>

#include "graph/expression.hpp"

namespace settle::onnx {

// Leaves in order of first use. They live as long as the expression.
struct Ingredients {
  std::vector<const Expression*> vertices;
  std::vector<const Expression*> parameters;
  std::int64_t constants = 0;  // elements of constants
  std::int64_t elements = 0;   // of all operators' results
  double work = 0;             // floating-point operations, and elements that are moved
};

// Errors: Unsupported where operators are nested so deep that evaluating them would exhaust the stack.
Ingredients ingredients_of(const ExpressionPtr& expression);

// The expression with each leaf (vertex, parameter or constant) replaced by what `leaf` gives for it. A shared
// subexpression stays shared. Requires: no deeper than ingredients_of allows.
ExpressionPtr with_leaves(const ExpressionPtr& expression,
                          const std::function<ExpressionPtr(const ExpressionPtr&)>& leaf);

// The elements of an expression of constants. Requires: it has no other leaves.
Tensor<double> evaluate(const ExpressionPtr& expression);

}  // namespace settle::onnx
