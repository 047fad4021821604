#include "graph/tiling.hpp"

#include <map>

#include "graph/error.hpp"
#include "graph/ops/axes.hpp"
#include "graph/ops/layout.hpp"

namespace settle {
namespace {

bool has_own_parameter(const ExpressionPtr& expression) {
  return expression->kind == Expression::Kind::parameter ||
         std::ranges::any_of(expression->arguments, has_own_parameter);
}

// One part of the units. What an expression uses twice is split once.
class Splitter {
 public:
  Splitter(const std::string& whole, const std::string& part, std::int64_t begin, std::int64_t end)
      : whole_(whole), part_(part), begin_(begin), end_(end) {}

  // Elements [begin, end) along an axis, counted from the end.
  ExpressionPtr part(const ExpressionPtr& expression, std::int64_t axis) {
    const auto known = parts_.find({expression.get(), axis});
    if (known != parts_.end()) return known->second;
    ExpressionPtr result = make(expression, axis);
    parts_.emplace(std::pair(expression.get(), axis), result);
    return result;
  }

 private:
  ExpressionPtr make(const ExpressionPtr& expression, std::int64_t axis) {
    if (expression->kind == Expression::Kind::parameter) return parameter(expression->parameter, axis);
    if (axis == -1 && expression->kind == Expression::Kind::apply) {
      if (ExpressionPtr found = among(joined_last(expression))) return found;
      if (ExpressionPtr split = operation(*expression)) return split;
    }
    if (has_own_parameter(expression))
      throw BadConfig("vertex '" + whole_ + "' cannot be split into tiles: '" + std::string(expression->op->name()) +
                      "' has parameters that do not belong to single units");
    return apply(slice_op(begin_, end_, axis), {expression});
  }

  ExpressionPtr parameter(ParameterSpec spec, std::int64_t axis) const {
    spec.name = part_ + (spec.name.starts_with(whole_) ? spec.name.substr(whole_.size()) : "." + spec.name);
    spec.shape = with_extent(spec.shape, axis_position("tile", spec.shape, axis), end_ - begin_);
    return own_parameter(std::move(spec));
  }

  // The one of these, joined along the last axis, that has just those elements; null where none has.
  ExpressionPtr among(std::span<const ExpressionPtr> joined) const {
    std::int64_t first = 0;
    for (const ExpressionPtr& each : joined) {
      const std::int64_t extent = each->shape[each->shape.rank() - 1];
      if (first == begin_ && first + extent == end_) return each;
      first += extent;
    }
    return nullptr;
  }

  // Null where the operator does not split.
  ExpressionPtr operation(const Expression& applied) {
    std::vector<Shape> shapes;
    for (const ExpressionPtr& argument : applied.arguments) shapes.push_back(argument->shape);
    std::vector<ExpressionPtr> arguments;
    for (std::size_t k = 0; k < shapes.size(); ++k) {
      const auto needed = applied.op->part_of(k, shapes);
      if (!needed) return nullptr;
      const ExpressionPtr& argument = applied.arguments[k];
      if (*needed == Op::Part::whole)
        arguments.push_back(argument);
      else
        arguments.push_back(
            part(argument, *needed == Op::Part::last_axis ? -1 : -static_cast<std::int64_t>(shapes[k].rank())));
    }
    return apply(applied.op, std::move(arguments));
  }

  const std::string& whole_;
  const std::string& part_;
  std::int64_t begin_;
  std::int64_t end_;
  std::map<std::pair<const Expression*, std::int64_t>, ExpressionPtr> parts_;
};

}  // namespace

std::vector<Tile> split_units(const std::string& name, const ExpressionPtr& location, const ExpressionPtr& precision,
                              std::int64_t count) {
  const Shape& shape = location->shape;
  const std::int64_t units = shape.sample().rank() == 0 ? 1 : shape[shape.rank() - 1];
  if (count < 1 || count > units)
    throw BadConfig("vertex '" + name + "' has " + std::to_string(units) + " units along its last axis: it has 1 to " +
                    std::to_string(units) + " tiles, not " + std::to_string(count));
  if (count == 1) return {{name, location, precision}};
  // One that is the same for all units stays as it is.
  const bool each_its_own =
      precision && precision->shape.rank() > 0 && precision->shape[precision->shape.rank() - 1] == units;
  std::vector<Tile> tiles;
  for (std::int64_t k = 0; k < count; ++k) {
    Tile tile{name + "{" + std::to_string(k) + "}", nullptr, precision};
    Splitter splitter(name, tile.vertex, units * k / count, units * (k + 1) / count);
    tile.location = splitter.part(location, -1);
    if (each_its_own) tile.precision = splitter.part(precision, -1);
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

}  // namespace settle
