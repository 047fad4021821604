#include "graph/language/inliner.hpp"

#include <cmath>

#include "graph/error.hpp"
#include "graph/language/distributions.hpp"
#include "graph/ops/arithmetic.hpp"
#include "graph/ops/list.hpp"
#include "graph/ops/unary.hpp"

namespace settle::language {
namespace {

// Levels of an expression with its `=` names written out: every recursion over expressions is bounded by it.
constexpr std::uint32_t kMaxDepth = 1000;
constexpr std::uint64_t kMaxMade = 1'000'000;

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

double calculate(NodeKind kind, double a, double b) {
  switch (kind) {
    case NodeKind::add:
      return a + b;
    case NodeKind::subtract:
      return a - b;
    case NodeKind::multiply:
      return a * b;
    case NodeKind::divide:
      return a / b;
    case NodeKind::power:
      return std::pow(a, b);
    default:
      return -a;
  }
}

Inlined literal(double number) { return {constant(number), number}; }

}  // namespace

template <class Build>
Inlined Inliner::placed(Range at, Build build) {
  try {
    return {build(), std::nullopt};
  } catch (const BadConfig& error) {
    model_->diagnostics.report(at, error.what());
    return {};
  }
}

Inlined Inliner::make(NodeIndex root) {
  const SyntaxNode& node = model_->tree.nodes[root];
  if (model_->diagnostics.full()) return {};
  if (++model_->made > kMaxMade) {
    model_->diagnostics.report_whole("the model has more than " + std::to_string(kMaxMade) +
                                     " operators with its '=' names written out");
    return {};
  }
  if (depth_ >= kMaxDepth) {
    model_->diagnostics.report(node.at,
                               "the prediction of '" + vertex_ + "' goes more than " + std::to_string(kMaxDepth) +
                                   " levels deep with its '=' names written out",
                               "make a vertex of a part of it: NAME ~ normal(...)");
    return {};
  }
  ++depth_;
  Inlined result;
  switch (node.kind) {
    case NodeKind::number:
      result = literal(node.number);
      break;
    case NodeKind::name:
      result = make_name(node);
      break;
    case NodeKind::call:
      result = make_call(node);
      break;
    default:
      result = make_operator(node);
      break;
  }
  --depth_;
  return result;
}

Inlined Inliner::definition(std::string_view name, NodeIndex root) {
  if (const auto known = definitions_.find(name); known != definitions_.end()) return known->second;
  Inlined result = make(root);
  if (mode_ == Mode::trial && result.expression && !result.number)
    result.expression = settle::own_parameter({std::string(name), result.expression->shape, {}});
  definitions_.emplace(name, result);
  return result;
}

Inlined Inliner::make_operator(const SyntaxNode& node) {
  std::vector<Inlined> operands;
  for (const NodeArgument& operand : node.arguments) operands.push_back(make(operand.value));
  bool good = true;
  bool numbers = true;
  Call call;
  call.scope = this;
  for (const Inlined& operand : operands) {
    good = good && operand.expression;
    numbers = numbers && operand.number;
    call.arguments.push_back({operand.expression, operand.number, ""});
  }
  if (!good) return {};
  if (!numbers) return placed(node.at, [&] { return apply_operator(node.kind, call); });
  const double value = calculate(node.kind, *operands.front().number, *operands.back().number);
  if (std::isfinite(value)) return literal(value);
  model_->diagnostics.report(node.at, "the result of this arithmetic is not a finite number");
  return {};
}

Inlined Inliner::make_name(const SyntaxNode& node) {
  const std::string_view name = model_->source.text(node.at);
  if (const Symbol* symbol = model_->symbols.find(name)) {
    if (symbol->kind == Symbol::Kind::failed) return {};
    if (symbol->kind == Symbol::Kind::definition) return definition(name, symbol->root);
    return {model_->builder.use(symbol->vertex), std::nullopt};
  }
  if (const auto shared = model_->builder.find(name)) return {model_->builder.use(*shared), std::nullopt};
  const std::string quoted = "'" + std::string(name) + "'";
  if (!model_->symbols.declared_anywhere(name)) {
    model_->diagnostics.report(node.at, "there is no vertex or expression named " + quoted,
                               suggestion(*model_, name, model_->symbols.names()));
    return {};
  }
  // What a line above declares is known: this name is declared by its own line or by one below.
  const std::uint32_t line = model_->symbols.line_of(name);
  if (line <= model_->source.place(node.at.offset).line)
    model_->diagnostics.report(node.at, quoted + " depends on itself",
                               "cycles are not in this version of the language");
  else
    model_->diagnostics.report(node.at, quoted + " is declared below, in line " + std::to_string(line),
                               "move that line above this one (cycles are not in this version of the language)");
  return {};
}

Argument Inliner::argument(const NodeArgument& given, bool& good) {
  const SyntaxNode& node = model_->tree.nodes[given.value];
  Argument result;
  if (node.kind == NodeKind::name) {
    result.word = model_->text(node.at);
    // A bare word after a keyword may be a name that the call gives (share=W): it need not be known.
    if (!given.positional() && !model_->symbols.find(result.word)) return result;
  }
  Inlined inlined = make(given.value);
  good = good && inlined.expression;
  result.value = std::move(inlined.expression);
  result.number = inlined.number;
  return result;
}

Inlined Inliner::make_call(const SyntaxNode& node) {
  const FunctionSpec* function = find_function(model_->source.text(node.at));
  bool good = function != nullptr;
  if (!function)
    unknown_function(node);
  else
    good = check_call(
        *model_, node,
        {function->name, function->signature, function->min_arguments, function->max_arguments, function->keywords});
  Call call;
  call.scope = this;
  for (const NodeArgument& given : node.arguments) {
    Argument value = argument(given, good);
    if (given.positional())
      call.arguments.push_back(std::move(value));
    else
      call.named.emplace(model_->text(given.keyword), std::move(value));
  }
  if (!good) return {};
  return placed(node.at, [&] { return function->make(call); });
}

void Inliner::unknown_function(const SyntaxNode& call) {
  const std::string name = model_->text(call.at);
  if (find_distribution(name)) {
    model_->diagnostics.report(call.at, "'" + name + "' is a distribution and cannot be part of an expression",
                               "give it a vertex of its own: NAME ~ " + name + "(...)");
    return;
  }
  std::vector<std::string> names;
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& function : family.functions) names.push_back(function.name);
  std::string hint = suggestion(*model_, name, names);
  if (model_->symbols.declared_anywhere(name)) hint = "'" + name + "' is a name, not a function; to multiply, write *";
  model_->diagnostics.report(call.at, "there is no function named '" + name + "'", hint);
}

ExpressionPtr Inliner::own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) {
  const int count = ++suffixes_[suffix];
  return settle::own_parameter({vertex_ + "." + suffix + (count > 1 ? std::to_string(count) : ""), shape, init});
}

ExpressionPtr Inliner::shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) {
  const std::string group = name.substr(0, name.find('.'));
  if (model_->symbols.declared_anywhere(group))
    throw BadConfig("share=" + group + " needs a name of its own: line " +
                    std::to_string(model_->symbols.line_of(group)) + " declares '" + group + "'");
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
