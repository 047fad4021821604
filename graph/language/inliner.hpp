// Purpose: makes the expression that predicts one vertex out of its syntax, `=` names and functions of the text written
// out in full. An inlined name is one subexpression of a vertex however often the vertex uses it; own parameters are
// the vertex's.
// A trial run makes no parameter vertices: it finds the mistakes and the shape of an expression that belongs to no
// vertex (yet).
// Thread rule: one owner.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "graph/function.hpp"
#include "graph/language/model.hpp"

namespace settle::language {

// As functions take it.
Argument as_argument(Inlined value);

class Inliner : public CallScope {
 public:
  enum class Mode { vertex, trial };
  // Requires: `model` outlives the inliner.
  Inliner(Model& model, std::string vertex, Mode mode, ScopePtr scope = nullptr)
      : model_(&model), vertex_(std::move(vertex)), mode_(mode), scope_(std::move(scope)) {}

  const ScopePtr& scope() const noexcept { return scope_; }
  void set_scope(ScopePtr scope) { scope_ = std::move(scope); }

  Inlined make(NodeIndex root);
  // Nothing after a mistake, which is reported: an expression that is no whole number, or one beyond a milliard.
  std::optional<std::int64_t> whole_number(NodeIndex root, const std::string& what);
  // The name written out, "h[3]". Nothing after a mistake, which is reported.
  std::optional<std::string> name_of(Range base, const std::vector<NodeIndex>& indices);

  // From here on `symbol`, an expression with that name, stands for `inlined`; in a trial for a stand-in of its shape,
  // so that no tree grows from line to line.
  void keep(const Symbol& symbol, const std::string& name, Inlined inlined);

  ExpressionPtr own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) override;
  ExpressionPtr shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) override;
  Initializer default_init(std::int64_t fan_in) const override;

 private:
  Inlined make_node(const SyntaxNode& node);
  Inlined make_operator(const SyntaxNode& node);
  Inlined make_name(const SyntaxNode& node);
  Inlined make_indexed(const SyntaxNode& node);
  Inlined make_call(const SyntaxNode& node);
  Inlined call_function(const SyntaxNode& node, const FunctionSpec& function);
  Inlined call_function(const SyntaxNode& node, const Symbol& function);
  Inlined known_name(Range at, const std::string& name);
  Inlined definition(const Symbol& symbol, const std::string& name);
  // A value, or a word where the argument may be one. `good` is false after a mistake.
  Inlined argument(NodeIndex root, bool may_be_word, bool& good);
  // What the positional arguments stand for, ranges of indices written out. Nothing after a mistake in a range.
  std::optional<std::vector<Inlined>> positional_arguments(const SyntaxNode& node, const Symbol* function, bool& good);
  bool spread(const SyntaxNode& node, std::vector<Inlined>& values, bool& good);
  bool within_limit();
  bool too_deep(const SyntaxNode& node, std::uint32_t levels);
  // Runs `build`, whose operands have that many levels; a BadConfig is reported.
  Inlined placed(const SyntaxNode& node, std::uint32_t levels, const std::function<ExpressionPtr()>& build);

  Model* model_;
  std::string vertex_;
  Mode mode_;
  ScopePtr scope_;
  std::uint32_t depth_ = 0;
  std::unordered_map<const Symbol*, Inlined> definitions_;
  std::unordered_map<std::string, int> suffixes_;
};

}  // namespace settle::language
