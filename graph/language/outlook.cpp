#include "graph/language/outlook.hpp"

#include <cmath>

#include "graph/language/arithmetic.hpp"

namespace settle::language {

Outlook::Outlook(const Model& model) : model_(&model) { run(0, model.tree.statements.size(), nullptr); }

const Outlook::Below* Outlook::find(const std::string& name) const {
  const auto found = vertices_.find(name);
  return found == vertices_.end() ? nullptr : &found->second;
}

void Outlook::run(std::size_t begin, std::size_t end, const ScopePtr& scope) {
  for (std::size_t i = begin; i < end && ++lines_ <= model_->options.limit;) {
    const Statement& statement = model_->tree.statements[i];
    if (statement.end > 0) {
      repeat(statement, i + 1, scope);
      i = statement.end;
      continue;
    }
    ++i;
    if (statement.relation != Relation::vertex && statement.relation != Relation::definition) continue;
    const auto name = name_of(statement.name, statement.indices, scope.get());
    if (!name) continue;
    if (statement.relation == Relation::vertex)
      vertices_.emplace(*name, Below{&statement, scope});
    else if (const auto value = number(statement.root, scope.get()))
      numbers_.emplace(*name, *value);
  }
}

void Outlook::repeat(const Statement& head, std::size_t begin, const ScopePtr& scope) {
  if (head.relation == Relation::failed) return;
  const SyntaxNode& range = model_->tree.nodes[head.root];
  const auto first = number(range.arguments[0].value, scope.get());
  const auto last = number(range.arguments[1].value, scope.get());
  const auto by = head.by ? number(*head.by, scope.get()) : 1;
  if (!first || !last || !by || std::abs(*by) < 1) return;
  for (double value = *first; *by > 0 ? value <= *last : value >= *last; value += *by) {
    if (++lines_ > model_->options.limit) return;
    const std::string_view variable = model_->source.text(head.name);
    run(begin, head.end, std::make_shared<const Scope>(Scope{variable, {nullptr, value, 0, ""}, scope}));
  }
}

std::optional<std::string> Outlook::name_of(Range base, const std::vector<NodeIndex>& indices,
                                            const Scope* scope) const {
  std::vector<std::int64_t> values;
  for (const NodeIndex index : indices) {
    const auto value = number(index, scope);
    if (!value || std::abs(*value) > kMostWhole) return std::nullopt;
    values.push_back(static_cast<std::int64_t>(*value));
  }
  return written_out(model_->text(base), values);
}

std::optional<double> Outlook::number(NodeIndex root, const Scope* scope) const {
  const SyntaxNode& node = model_->tree.nodes[root];
  const auto known = [&](const std::string& name) -> std::optional<double> {
    const auto found = numbers_.find(name);
    if (found == numbers_.end()) return std::nullopt;
    return found->second;
  };
  std::vector<NodeIndex> parts;
  for (const NodeArgument& part : node.arguments) parts.push_back(part.value);
  switch (node.kind) {
    case NodeKind::number:
      return node.number;
    case NodeKind::name:
      if (const Inlined* given = find_in(scope, model_->source.text(node.at))) return given->number;
      return known(model_->text(node.at));
    case NodeKind::indexed: {
      const auto name = name_of(node.base, parts, scope);
      return name ? known(*name) : std::nullopt;
    }
    case NodeKind::range:
    case NodeKind::list:
    case NodeKind::call:
      return std::nullopt;
    default:
      break;
  }
  const auto left = number(parts.front(), scope);
  const auto right = number(parts.back(), scope);
  return left && right ? std::optional(calculate(node.kind, *left, *right)) : std::nullopt;
}

}  // namespace settle::language
