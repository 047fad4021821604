#include "graph/language/functions.hpp"

#include <algorithm>

#include "graph/language/unknown.hpp"
#include "graph/ops/list.hpp"

namespace settle::language {
namespace {

// Reads a function's body once, before it is called.
class Body {
 public:
  Body(Model& model, const Statement& statement)
      : model_(&model), statement_(&statement), values_(statement.parameters.size(), false) {}

  Symbol run() {
    const std::size_t before = model_->diagnostics.size();
    visit(statement_->root);
    Symbol symbol;
    symbol.declared = statement_->name;
    if (model_->diagnostics.size() > before) return symbol;
    symbol.kind = Symbol::Kind::function;
    symbol.root = statement_->root;
    symbol.parameters = statement_->parameters;
    for (const bool value : values_) symbol.words.push_back(!value);
    return symbol;
  }

 private:
  // The number of the argument that the node names; as many as there are where it names none.
  std::size_t parameter(const SyntaxNode& node) const {
    const auto same = [&](Range parameter) {
      return node.kind == NodeKind::name && model_->source.text(parameter) == model_->source.text(node.at);
    };
    return static_cast<std::size_t>(std::ranges::find_if(statement_->parameters, same) -
                                    statement_->parameters.begin());
  }

  void visit(NodeIndex root) {
    const SyntaxNode& node = model_->tree.nodes[root];
    if (node.kind == NodeKind::call) return call(node);
    if (node.kind == NodeKind::name) return name(node);
    for (const NodeArgument& part : node.arguments) visit(part.value);
  }

  void name(const SyntaxNode& node) {
    if (const std::size_t k = parameter(node); k < values_.size()) {
      values_[k] = true;
      return;
    }
    const std::string written = model_->text(node.at);
    if (!model_->symbols.find(written) && !model_->builder.find(written))
      report_unknown_name(*model_, node.at, written);
  }

  void call(const SyntaxNode& node) {
    const std::string name = model_->text(node.at);
    const Symbol* symbol = model_->symbols.find(name);
    const bool mine = symbol && symbol->kind == Symbol::Kind::function;
    const bool failed = symbol && symbol->kind == Symbol::Kind::failed;
    if (!mine && !failed && !find_function(name)) report_unknown_function(*model_, node);
    std::size_t position = 0;
    for (const NodeArgument& argument : node.arguments) {
      const SyntaxNode& value = model_->tree.nodes[argument.value];
      const bool may_be_word =
          !argument.positional() || (mine && position < symbol->words.size() && symbol->words[position]);
      if (argument.positional()) ++position;
      const bool bare = value.kind == NodeKind::name;
      if (!(may_be_word && bare)) visit(argument.value);
    }
  }

  Model* model_;
  const Statement* statement_;
  std::vector<bool> values_;  // by argument: it stands where only a value may
};

}  // namespace

Symbol declare_function(Model& model, const Statement& statement) { return Body(model, statement).run(); }

}  // namespace settle::language
