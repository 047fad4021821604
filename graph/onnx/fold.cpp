#include "graph/onnx/fold.hpp"

#include <algorithm>
#include <unordered_map>

#include "graph/compile.hpp"
#include "graph/evaluator.hpp"
#include "graph/onnx/error.hpp"

namespace settle::onnx {
namespace {

// Expressions are walked, compiled and released by recursion.
constexpr std::int64_t kMaxDepth = 5000;

double work_of(const Expression& applied) {
  std::vector<Shape> inputs;
  auto moved = static_cast<double>(applied.shape.size());
  for (const ExpressionPtr& argument : applied.arguments) {
    inputs.push_back(argument->shape);
    moved += static_cast<double>(argument->shape.size());
  }
  return applied.op->cost(inputs, applied.shape) + moved;
}

}  // namespace

Ingredients ingredients_of(const ExpressionPtr& expression) {
  Ingredients found;
  std::unordered_map<const Expression*, std::int64_t> depths;  // of what is done
  std::vector<const Expression*> open{expression.get()};
  while (!open.empty()) {
    const Expression* const at = open.back();
    if (depths.contains(at)) {
      open.pop_back();
      continue;
    }
    std::int64_t depth = 0;
    const std::size_t before = open.size();
    for (const ExpressionPtr& argument : at->arguments) {
      const auto done = depths.find(argument.get());
      if (done == depths.end())
        open.push_back(argument.get());
      else
        depth = std::max(depth, done->second + 1);
    }
    if (open.size() > before) continue;
    open.pop_back();
    if (depth > kMaxDepth)
      throw Unsupported("more than " + std::to_string(kMaxDepth) + " operators would be nested in one vertex");
    depths.emplace(at, depth);
    if (at->kind == Expression::Kind::vertex) found.vertices.push_back(at);
    if (at->kind == Expression::Kind::parameter) found.parameters.push_back(at);
    if (at->kind == Expression::Kind::constant) found.constants += at->shape.size();
    if (at->kind != Expression::Kind::apply) continue;
    found.elements += at->shape.size();
    found.work += work_of(*at);
  }
  return found;
}

ExpressionPtr with_leaves(const ExpressionPtr& expression,
                          const std::function<ExpressionPtr(const ExpressionPtr&)>& leaf) {
  std::unordered_map<const Expression*, ExpressionPtr> done;
  const auto rebuild = [&](const auto& self, const ExpressionPtr& at) -> ExpressionPtr {
    if (const auto found = done.find(at.get()); found != done.end()) return found->second;
    ExpressionPtr result;
    if (at->kind == Expression::Kind::apply) {
      std::vector<ExpressionPtr> arguments;
      for (const ExpressionPtr& argument : at->arguments) arguments.push_back(self(self, argument));
      result = apply(at->op, std::move(arguments));
    } else {
      result = leaf(at);
    }
    done.emplace(at.get(), result);
    return result;
  };
  return rebuild(rebuild, expression);
}

Tensor<double> evaluate(const ExpressionPtr& expression) {
  if (expression->kind == Expression::Kind::constant) return expression->constant;
  Tensor<double> result(expression->shape);
  if (result.shape().size() == 0) return result;
  const Compiled compiled = compile(expression);
  Evaluator<double> evaluator(compiled.program);
  evaluator.bind(1);
  evaluator.forward(result.view());
  return result;
}

}  // namespace settle::onnx
