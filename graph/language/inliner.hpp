// Purpose: makes the expression that predicts one vertex out of its syntax, `=` names written out in full. An inlined
// name is one subexpression of a vertex however often the vertex uses it; own parameters are the vertex's.
// A trial run makes no parameter vertices: it finds the mistakes and the shape of an expression that belongs to no
// vertex (yet).
// Thread rule: one owner.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "graph/function.hpp"
#include "graph/language/model.hpp"

namespace settle::language {

struct Inlined {
  ExpressionPtr expression;      // null after a mistake, which is reported
  std::optional<double> number;  // where the expression is arithmetic over numbers
};

class Inliner : public CallScope {
 public:
  enum class Mode { vertex, trial };
  // Requires: `model` outlives the inliner.
  Inliner(Model& model, std::string vertex, Mode mode) : model_(&model), vertex_(std::move(vertex)), mode_(mode) {}

  Inlined make(NodeIndex root);
  // What a `=` line stands for; in a trial a stand-in of its shape, so that no tree grows from line to line.
  Inlined definition(std::string_view name, NodeIndex root);

  ExpressionPtr own_parameter(const std::string& suffix, const Shape& shape, const Initializer& init) override;
  ExpressionPtr shared_parameter(const std::string& name, const Shape& shape, const Initializer& init) override;
  Initializer default_init(std::int64_t fan_in) const override;

 private:
  Inlined make_operator(const SyntaxNode& node);
  Inlined make_name(const SyntaxNode& node);
  Inlined make_call(const SyntaxNode& node);
  Argument argument(const NodeArgument& given, bool& good);
  void unknown_function(const SyntaxNode& call);
  // Runs `build`; a BadConfig is reported at `at`.
  template <class Build>
  Inlined placed(Range at, Build build);

  Model* model_;
  std::string vertex_;
  Mode mode_;
  std::uint32_t depth_ = 0;
  std::unordered_map<std::string_view, Inlined> definitions_;
  std::unordered_map<std::string, int> suffixes_;
};

}  // namespace settle::language
