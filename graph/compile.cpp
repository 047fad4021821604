#include "graph/compile.hpp"

#include <algorithm>
#include <unordered_map>

#include "graph/ops/unary.hpp"

namespace settle {
namespace {

// The position of `item` in `items`, appended where it is new.
template <class Item, class Same>
std::uint32_t position(std::vector<Item>& items, const Item& item, Same same) {
  const auto found = std::ranges::find_if(items, [&](const Item& other) { return same(other, item); });
  if (found != items.end()) return static_cast<std::uint32_t>(found - items.begin());
  items.push_back(item);
  return static_cast<std::uint32_t>(items.size() - 1);
}

class Compiler {
 public:
  Compiled run(const ExpressionPtr& expression) {
    ExpressionPtr root = expression;
    if (root->kind != Expression::Kind::apply || root->op->is_view()) root = apply(identity_op(), {root});
    visit(root);
    Program& program = result_.program;
    program.parents = static_cast<std::uint32_t>(result_.parents.size());
    program.parameters = static_cast<std::uint32_t>(result_.parameters.size());
    program.shapes.assign(leaf_shapes_[0].begin(), leaf_shapes_[0].end());
    for (const auto& shapes : {leaf_shapes_[1], leaf_shapes_[2]})
      program.shapes.insert(program.shapes.end(), shapes.begin(), shapes.end());
    for (const Expression* applied : order_) {
      Instruction instruction{applied->op, {}};
      for (const ExpressionPtr& argument : applied->arguments) instruction.inputs.push_back(reg(*argument));
      program.instructions.push_back(std::move(instruction));
      program.shapes.push_back(applied->shape);
    }
    return std::move(result_);
  }

 private:
  enum Leaf { parent, own, literal };
  struct Place {
    Expression::Kind kind;
    std::uint32_t index;
  };

  void visit(const ExpressionPtr& expression) {
    if (places_.contains(expression.get())) return;
    std::uint32_t index = 0;
    switch (expression->kind) {
      case Expression::Kind::vertex:
        index = position(result_.parents, expression->vertex, std::equal_to<>{});
        note(parent, index, expression->shape);
        break;
      case Expression::Kind::parameter:
        index = position(result_.parameters, expression->parameter,
                         [](const ParameterSpec& a, const ParameterSpec& b) { return a.name == b.name; });
        note(own, index, expression->shape);
        break;
      case Expression::Kind::constant:
        index = static_cast<std::uint32_t>(result_.program.constants.size());
        result_.program.constants.push_back(expression->constant);
        note(literal, index, expression->shape);
        break;
      case Expression::Kind::apply:
        for (const ExpressionPtr& argument : expression->arguments) visit(argument);
        index = static_cast<std::uint32_t>(order_.size());
        order_.push_back(expression.get());
        break;
    }
    places_.emplace(expression.get(), Place{expression->kind, index});
  }

  void note(Leaf leaf, std::uint32_t index, const Shape& shape) {
    if (index == leaf_shapes_[leaf].size()) leaf_shapes_[leaf].push_back(shape);
  }

  std::uint32_t reg(const Expression& expression) const {
    const Place place = places_.at(&expression);
    switch (place.kind) {
      case Expression::Kind::vertex:
        return place.index;
      case Expression::Kind::parameter:
        return result_.program.parameter_register(place.index);
      case Expression::Kind::constant:
        return result_.program.constant_register(place.index);
      case Expression::Kind::apply:
        break;
    }
    return result_.program.result_register(place.index);
  }

  Compiled result_;
  std::vector<Shape> leaf_shapes_[3];
  std::vector<const Expression*> order_;
  std::unordered_map<const Expression*, Place> places_;
};

}  // namespace

Compiled compile(const ExpressionPtr& expression) { return Compiler().run(expression); }

}  // namespace settle
