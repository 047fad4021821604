// The part of Inliner that is about calls: of the language's functions and of the text's own.
#include <algorithm>

#include "graph/language/arithmetic.hpp"
#include "graph/language/inliner.hpp"
#include "graph/language/unknown.hpp"
#include "graph/ops/list.hpp"

namespace settle::language {

Inlined Inliner::argument(NodeIndex root, bool may_be_word, bool& good) {
  const SyntaxNode& node = model_->tree.nodes[root];
  if (may_be_word && (node.kind == NodeKind::name || node.kind == NodeKind::indexed)) {
    // It may be a name that the call gives (share=W): it need not be known.
    std::vector<NodeIndex> indices;
    for (const NodeArgument& index : node.arguments) indices.push_back(index.value);
    const Range base = node.kind == NodeKind::name ? node.at : node.base;
    const Inlined* given = indices.empty() ? find_in(scope_.get(), model_->source.text(base)) : nullptr;
    if (given) return *given;
    const auto word = name_of(base, indices);
    good = good && word;
    Inlined result;
    if (word && model_->symbols.find(*word)) result = known_name(node.at, *word);
    result.word = word.value_or("");
    return result;
  }
  Inlined result = make(root);
  good = good && result.expression;
  if (node.kind == NodeKind::name && result.word.empty()) result.word = model_->text(node.at);
  return result;
}

bool Inliner::spread(const SyntaxNode& node, std::vector<Inlined>& values, bool& good) {
  struct Axis {
    std::int64_t from, to;
  };
  std::vector<Axis> axes;
  for (const NodeArgument& index : node.arguments) {
    const SyntaxNode& written = model_->tree.nodes[index.value];
    const bool several = written.kind == NodeKind::range;
    const auto from = whole_number(several ? written.arguments[0].value : index.value, "an index");
    const auto to = several ? whole_number(written.arguments[1].value, "an index") : from;
    if (!from || !to) return false;
    axes.push_back({*from, *to});
  }
  std::vector<std::int64_t> at;
  for (const Axis& axis : axes) {
    if (axis.to < axis.from) return true;
    at.push_back(axis.from);
  }
  for (;;) {
    if (!within_limit()) return false;
    values.push_back(known_name(node.at, written_out(model_->text(node.base), at) + model_->text(node.member)));
    if (!values.back().expression) return good = false;
    std::size_t axis = at.size();
    while (axis > 0 && at[axis - 1] == axes[axis - 1].to) {
      --axis;
      at[axis] = axes[axis].from;
    }
    if (axis == 0) return true;
    ++at[axis - 1];
  }
}

std::optional<std::vector<Inlined>> Inliner::positional_arguments(const SyntaxNode& node, const Symbol* function,
                                                                  bool& good) {
  std::vector<Inlined> values;
  bool ranges_good = true;
  for (const NodeArgument& given : node.arguments) {
    if (!given.positional()) continue;
    const SyntaxNode& value = model_->tree.nodes[given.value];
    const bool several = std::ranges::any_of(value.arguments, [&](const NodeArgument& index) {
      return value.kind == NodeKind::indexed && model_->tree.nodes[index.value].kind == NodeKind::range;
    });
    const std::size_t position = values.size();
    if (several)
      ranges_good = spread(value, values, good) && ranges_good;
    else
      values.push_back(
          argument(given.value, function && position < function->words.size() && function->words[position], good));
  }
  if (!ranges_good) return std::nullopt;
  return values;
}

Inlined Inliner::make_call(const SyntaxNode& node) {
  const std::string_view name = model_->source.text(node.at);
  const Symbol* symbol = model_->symbols.find(name);
  if (symbol && symbol->kind == Symbol::Kind::function) return call_function(node, *symbol);
  if (const FunctionSpec* function = find_function(name)) return call_function(node, *function);
  if (!symbol || symbol->kind != Symbol::Kind::failed) report_unknown_function(*model_, node);
  for (const NodeArgument& given : node.arguments) {
    bool good = true;
    argument(given.value, !given.positional(), good);
  }
  return {};
}

Inlined Inliner::call_function(const SyntaxNode& node, const FunctionSpec& function) {
  bool good = true;
  auto positional = positional_arguments(node, nullptr, good);
  if (!positional) return {};
  good =
      check_call(*model_, node,
                 {function.name, function.signature, function.min_arguments, function.max_arguments, function.keywords},
                 positional->size()) &&
      good;
  Call call;
  call.scope = this;
  std::uint32_t levels = 0;
  const auto convert = [&](Inlined value) {
    levels = std::max(levels, value.levels);
    return as_argument(std::move(value));
  };
  for (Inlined& value : *positional) call.arguments.push_back(convert(std::move(value)));
  for (const NodeArgument& given : node.arguments)
    if (!given.positional())
      call.named.emplace(model_->text(given.keyword), convert(argument(given.value, true, good)));
  if (!good) return {};
  return placed(node, levels, [&] { return function.make(call); });
}

Inlined Inliner::call_function(const SyntaxNode& node, const Symbol& function) {
  bool good = true;
  auto values = positional_arguments(node, &function, good);
  if (!values) return {};
  const std::size_t count = function.parameters.size();
  const std::string name = model_->text(node.at);
  std::string signature;
  for (const Range& parameter : function.parameters)
    signature += (signature.empty() ? name + "(" : ", ") + model_->text(parameter);
  good = check_call(*model_, node, {name, signature + ")", count, count, {}}, values->size()) && good;
  if (!good) return {};
  ScopePtr scope;
  for (std::size_t k = 0; k < count; ++k)
    scope = std::make_shared<const Scope>(
        Scope{model_->source.text(function.parameters[k]), std::move((*values)[k]), scope});
  std::swap(scope_, scope);
  const Within call(model_->diagnostics, {model_->source.text(node.at), 0, node.at});
  Inlined result = make(function.root);
  std::swap(scope_, scope);
  return result;
}

}  // namespace settle::language
