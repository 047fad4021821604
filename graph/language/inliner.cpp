#include "graph/language/inliner.hpp"

#include <algorithm>
#include <cmath>

#include "graph/error.hpp"
#include "graph/language/arithmetic.hpp"
#include "graph/language/unknown.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/list.hpp"
#include "graph/ops/unary.hpp"

namespace settle::language {
namespace {

// Levels of an expression with its `=` names written out: every recursion over expressions is bounded by it.
constexpr std::uint32_t kMaxDepth = 1000;

// What an operator's sign stands for. Powers go by their function, which knows constant exponents.
ExpressionPtr apply_operator(NodeKind kind, const Call& call) {
  const auto with = [&](const OpPtr& op) {
    std::vector<ExpressionPtr> operands;
    for (const Argument& argument : call.arguments) operands.push_back(argument.value);
    return apply(op, std::move(operands));
  };
  switch (kind) {
    case NodeKind::add:
      return with(add_op());
    case NodeKind::subtract:
      return with(sub_op());
    case NodeKind::multiply:
      return with(mul_op());
    case NodeKind::divide:
      return with(div_op());
    case NodeKind::negate:
      return with(neg_op());
    default:
      return find_function("pow")->make(call);
  }
}

Inlined literal(double number) { return {constant(number), number, 0, ""}; }

}  // namespace

Argument as_argument(Inlined value) { return {std::move(value.expression), value.number, std::move(value.word)}; }

bool Inliner::within_limit() {
  if (++model_->made <= model_->options.limit) return true;
  model_->diagnostics.report_whole("the model has more than " + std::to_string(model_->options.limit) +
                                   " operators with its '=' names and repeats written out");
  return false;
}

bool Inliner::too_deep(const SyntaxNode& node, std::uint32_t levels) {
  if (levels < kMaxDepth) return false;
  model_->diagnostics.report(node.at,
                             "the prediction of '" + vertex_ + "' goes more than " + std::to_string(kMaxDepth) +
                                 " levels deep with its '=' names written out",
                             "make a vertex of a part of it: NAME ~ normal(...)");
  return true;
}

Inlined Inliner::placed(const SyntaxNode& node, std::uint32_t levels, const std::function<ExpressionPtr()>& build) {
  if (too_deep(node, levels)) return {};
  try {
    return {build(), std::nullopt, levels + 1, ""};
  } catch (const BadConfig& error) {
    model_->diagnostics.report(node.at, error.what());
    return {};
  }
}

Inlined Inliner::make(NodeIndex root) {
  const SyntaxNode& node = model_->tree.nodes[root];
  if (model_->diagnostics.full() || !within_limit() || too_deep(node, depth_)) return {};
  ++depth_;
  Inlined result = make_node(node);
  --depth_;
  return result;
}

Inlined Inliner::make_node(const SyntaxNode& node) {
  switch (node.kind) {
    case NodeKind::number:
      return literal(node.number);
    case NodeKind::name:
      return make_name(node);
    case NodeKind::indexed:
      return make_indexed(node);
    case NodeKind::range:
      model_->diagnostics.report(node.at, "several vertices may stand only where a function takes several arguments",
                                 "as in concat(h[1..3])");
      return {};
    case NodeKind::list:
      model_->diagnostics.report(node.at, "a list of numbers may stand only behind shape=", "as in shape=[28, 28]");
      return {};
    case NodeKind::call:
      return make_call(node);
    default:
      return make_operator(node);
  }
}

std::optional<std::int64_t> Inliner::whole_number(NodeIndex root, const std::string& what) {
  const Inlined value = make(root);
  if (!value.expression) return std::nullopt;
  if (value.number && std::trunc(*value.number) == *value.number && std::abs(*value.number) <= kMostWhole)
    return static_cast<std::int64_t>(*value.number);
  model_->diagnostics.report(model_->tree.nodes[root].at, what + " is a whole number");
  return std::nullopt;
}

std::optional<std::string> Inliner::name_of(Range base, const std::vector<NodeIndex>& indices) {
  std::vector<std::int64_t> values;
  for (const NodeIndex index : indices) {
    const auto value = whole_number(index, "an index");
    if (!value) return std::nullopt;
    values.push_back(*value);
  }
  return written_out(model_->text(base), values);
}

void Inliner::keep(const Symbol& symbol, const std::string& name, Inlined inlined) {
  if (mode_ == Mode::trial && inlined.expression && !inlined.number) {
    inlined.expression = settle::own_parameter({name, inlined.expression->shape, {}});
    inlined.levels = 0;
  }
  definitions_.emplace(&symbol, std::move(inlined));
}

Inlined Inliner::definition(const Symbol& symbol, const std::string& name) {
  if (const auto known = definitions_.find(&symbol); known != definitions_.end()) return known->second;
  const ScopePtr scope = std::exchange(scope_, symbol.scope);
  keep(symbol, name, make(symbol.root));
  scope_ = scope;
  return definitions_.at(&symbol);
}

Inlined Inliner::make_operator(const SyntaxNode& node) {
  bool good = true;
  bool numbers = true;
  std::uint32_t levels = 0;
  std::vector<double> values;
  Call call;
  call.scope = this;
  for (const NodeArgument& operand : node.arguments) {
    Inlined value = make(operand.value);
    good = good && value.expression;
    numbers = numbers && value.number;
    values.push_back(value.number.value_or(0));
    levels = std::max(levels, value.levels);
    call.arguments.push_back(as_argument(std::move(value)));
  }
  if (!good) return {};
  if (!numbers) return placed(node, levels, [&] { return apply_operator(node.kind, call); });
  const double value = calculate(node.kind, values.front(), values.back());
  if (std::isfinite(value)) return literal(value);
  model_->diagnostics.report(node.at, "the result of this arithmetic is not a finite number");
  return {};
}

Inlined Inliner::make_name(const SyntaxNode& node) {
  const std::string_view name = model_->source.text(node.at);
  if (const Inlined* given = find_in(scope_.get(), name)) {
    if (!given->expression && !given->word.empty())
      model_->diagnostics.report(node.at, "'" + std::string(name) + "' stands for the word '" + given->word +
                                              "' here, which is no vertex or expression");
    return *given;
  }
  return known_name(node.at, std::string(name));
}

Inlined Inliner::make_indexed(const SyntaxNode& node) {
  std::vector<NodeIndex> indices;
  for (const NodeArgument& index : node.arguments) indices.push_back(index.value);
  const auto name = name_of(node.base, indices);
  return name ? known_name(node.at, *name + model_->text(node.member)) : Inlined();
}

Inlined Inliner::known_name(Range at, const std::string& name) {
  if (const Symbol* symbol = model_->symbols.find(name)) {
    switch (symbol->kind) {
      case Symbol::Kind::failed:
        return {};
      case Symbol::Kind::definition:
        return definition(*symbol, name);
      case Symbol::Kind::vertex:
        return {model_->builder.use(symbol->vertex), std::nullopt, 0, ""};
      case Symbol::Kind::function:
        model_->diagnostics.report(at, "'" + name + "' is a function and needs its arguments: " + name + "(...)");
        return {};
    }
  }
  if (const auto shared = model_->builder.find(name)) return {model_->builder.use(*shared), std::nullopt, 0, ""};
  const Symbol* below = model_->declare_ahead ? model_->declare_ahead(name) : nullptr;
  if (below) return {model_->builder.use(below->vertex), std::nullopt, 0, ""};
  report_unknown_name(*model_, at, name);
  return {};
}

ExpressionPtr Inliner::own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) {
  const int count = ++suffixes_[suffix];
  return settle::own_parameter({vertex_ + "." + suffix + (count > 1 ? std::to_string(count) : ""), shape, init});
}

ExpressionPtr Inliner::shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) {
  const std::string group = name.substr(0, name.find('.'));
  const std::string_view base = base_of(group);
  if (model_->symbols.declared_anywhere(base))
    throw BadConfig("share=" + group + " needs a name of its own: line " +
                    std::to_string(model_->source.place(model_->symbols.offset_of(base)).line) + " declares '" +
                    std::string(base) + "'");
  const auto known = model_->builder.find(name);
  if (!known && mode_ == Mode::trial) return settle::own_parameter({name, shape, init});
  if (!known) return model_->builder.use(model_->builder.parameter(name, shape, init));
  const Shape& before = model_->builder[*known].shape;
  if (before != shape)
    throw BadConfig("share=" + group + ": " + name + " is " + before.to_string() + " where it is used first, and " +
                    shape.to_string() + " here");
  return model_->builder.use(*known);
}

Initializer Inliner::default_init(std::int64_t fan_in) const {
  return model_->options.init.value_or(Initializer{Initializer::Kind::fan_in, static_cast<double>(fan_in)});
}

}  // namespace settle::language
