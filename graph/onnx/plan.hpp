// Purpose: the vertices that an import decided on, before it is known which initialisers several of them share; and how
// they become a Graph. Expressions name vertices by their position in the plan.
// Caller: importer. Thread rule: one owner.
#pragma once

#include <string>
#include <vector>

#include "graph/graph.hpp"
#include "graph/onnx/value.hpp"

namespace settle::onnx {

struct PlannedVertex {
  std::string name;
  Shape shape;
  ExpressionPtr prediction;  // null: an input
  EnergyPtr energy;
};

struct BuiltPlan {
  GraphPtr graph;
  std::vector<VertexId> vertices;  // by position in the plan
};

// An initialiser that one vertex uses becomes its own parameter, one that several use a `parameter` vertex, and so does
// one of a vertex that has no other parent: a vertex without parents would never act.
// Requires: a computed vertex. Errors: BadConfig naming the vertex.
BuiltPlan build_plan(const std::vector<PlannedVertex>& plan);

}  // namespace settle::onnx
