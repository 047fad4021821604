// Purpose: what a tensor of an ONNX model is while the model is imported: an expression of constants, initialisers
// (kind parameter, their values in `parameter.init`) and vertices, and the element type that the model gives it. A
// tensor whose elements are known is an expression of kind constant, whatever its type: shapes are such. Thread rule: a
// value type.
#pragma once

#include "graph/expression.hpp"
#include "graph/onnx/element_type.hpp"

namespace settle::onnx {

struct Value {
  ExpressionPtr expression;
  ElementType type = ElementType::float32;

  const Shape& shape() const { return expression->shape; }
  bool is_constant() const { return expression->kind == Expression::Kind::constant; }
  // Another expression of this element type.
  Value with(ExpressionPtr other) const { return {std::move(other), type}; }
};

}  // namespace settle::onnx
