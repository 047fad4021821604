#include "graph/expression.hpp"

namespace settle {

ExpressionPtr constant(double value) { return constant(Tensor<double>(Shape{}, std::span<const double>(&value, 1))); }

ExpressionPtr constant(Tensor<double> value) {
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::constant;
  expression->shape = value.shape();
  expression->constant = std::move(value);
  return expression;
}

ExpressionPtr own_parameter(ParameterSpec spec) {
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::parameter;
  expression->shape = spec.shape;
  expression->parameter = std::move(spec);
  return expression;
}

ExpressionPtr apply(OpPtr op, std::vector<ExpressionPtr> arguments) {
  std::vector<Shape> shapes;
  shapes.reserve(arguments.size());
  for (const ExpressionPtr& argument : arguments) shapes.push_back(argument->shape);
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::apply;
  expression->shape = op->infer(shapes);
  expression->op = std::move(op);
  expression->arguments = std::move(arguments);
  return expression;
}

}  // namespace settle
