// Purpose: the fully connected predictive-coding graph of Salvatori et al. 2022, in which every unit predicts every
// unit, itself included: x, h and y hold the units, and each is predicted by linear(tanh(all values)).
// Caller: tests. Thread rule: pure.
#pragma once

#include "graph/builder.hpp"
#include "graph/ops/layout.hpp"
#include "graph/ops/linear.hpp"
#include "graph/ops/unary.hpp"

namespace settle::test {

struct FullyConnected {
  GraphPtr graph;
  VertexId x, h, y;
};

inline FullyConnected fully_connected(std::int64_t seen, std::int64_t hidden, std::int64_t classes) {
  GraphBuilder model;
  const Initializer small{Initializer::Kind::normal, 0.1};
  FullyConnected result;
  result.x = model.declare("x", {seen}, small);
  result.h = model.declare("h", {hidden}, small);
  result.y = model.declare("y", {classes}, small);
  const ExpressionPtr all =
      apply(tanh_op(), {apply(concat_op(-1), {model.use(result.x), model.use(result.h), model.use(result.y)})});
  model.define_normal(result.x, linear(all, seen, "x"));
  model.define_normal(result.h, linear(all, hidden, "h"));
  model.define_normal(result.y, linear(all, classes, "y"));
  result.graph = model.build();
  return result;
}

}  // namespace settle::test
