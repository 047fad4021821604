// Purpose: what a vertex's prediction is written in before it is compiled into a Program: an immutable tree (shared
// subtrees make it a DAG, evaluated once) of vertices, own parameters, constants and operators.
// Thread rule: immutable.
#pragma once

#include <memory>
#include <vector>

#include "graph/graph.hpp"

namespace settle {

struct Expression;
using ExpressionPtr = std::shared_ptr<const Expression>;

struct Expression {
  enum class Kind { vertex, parameter, constant, apply };
  Kind kind = Kind::constant;
  Shape shape;                           // symbolic
  VertexId vertex = 0;                   // kind vertex
  ParameterSpec parameter;               // kind parameter: owned by the vertex that this expression predicts
  Tensor<double> constant;               // kind constant
  OpPtr op;                              // kind apply
  std::vector<ExpressionPtr> arguments;  // kind apply
};

ExpressionPtr constant(double value);  // shape []
ExpressionPtr constant(Tensor<double> value);
ExpressionPtr own_parameter(ParameterSpec spec);
// Errors: BadConfig from the operator's `infer`.
ExpressionPtr apply(OpPtr op, std::vector<ExpressionPtr> arguments);

}  // namespace settle
