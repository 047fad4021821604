#include "graph/compile.hpp"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "graph/error.hpp"
#include "graph/ops/repeat.hpp"
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

ExpressionPtr identity(const ExpressionPtr& expression) { return apply(identity_op(), {expression}); }

bool has_own_memory(const Expression& expression) {
  return expression.kind == Expression::Kind::apply && !expression.op->is_view();
}

bool broadcasts_to(const Shape& from, const Shape& to) {
  if (from.rank() > to.rank()) return false;
  for (std::size_t i = 1; i <= from.rank(); ++i)
    if (from[from.rank() - i] != 1 && from[from.rank() - i] != to[to.rank() - i]) return false;
  return true;
}

// What `root` is made of, without itself.
void collect_parts(const Expression& root, std::unordered_set<const Expression*>& parts) {
  for (const ExpressionPtr& argument : root.arguments)
    if (parts.insert(argument.get()).second) collect_parts(*argument, parts);
}

// Both results, made to be results: of one shape, not views, read by no instruction.
struct Results {
  ExpressionPtr location;
  ExpressionPtr precision;

  Results(ExpressionPtr z, ExpressionPtr p) : location(std::move(z)), precision(std::move(p)) {
    if (precision) separate();
    if (!has_own_memory(*location)) location = identity(location);
  }

 private:
  void separate() {
    if (precision->shape != location->shape) {
      if (!broadcasts_to(precision->shape, location->shape))
        throw BadConfig("a precision of shape " + precision->shape.to_string() +
                        " does not broadcast to the vertex's shape " + location->shape.to_string());
      precision = apply(broadcast_op(location->shape), {precision});
    }
    std::unordered_set<const Expression*> parts;
    collect_parts(*location, parts);
    if (!has_own_memory(*precision) || precision == location || parts.contains(precision.get()))
      precision = identity(precision);
    collect_parts(*precision, parts);
    if (parts.contains(location.get())) location = identity(location);
  }
};

class Compiler {
 public:
  Compiled run(const ExpressionPtr& location, const ExpressionPtr& precision) {
    const Results results(location, precision);
    // The location's parts come first and fix the order of slots; its last instruction is the program's.
    for (const ExpressionPtr& argument : results.location->arguments) visit(argument);
    if (results.precision) {
      visit(results.precision);
      result_.program.precision = places_.at(results.precision.get()).index;
    }
    visit(results.location);
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
    program.finish();
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

Compiled compile(const ExpressionPtr& location, const ExpressionPtr& precision) {
  return Compiler().run(location, precision);
}

}  // namespace settle
