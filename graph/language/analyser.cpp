#include "graph/language/analyser.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/language/distributions.hpp"
#include "graph/language/inliner.hpp"
#include "graph/ops/list.hpp"

namespace settle::language {
namespace {

// Names become file names of saved parameters.
constexpr std::uint32_t kLongestName = 100;

class Analyser {
 public:
  Analyser(const Source& source, const SyntaxTree& tree, const LanguageOptions& options, Diagnostics& diagnostics)
      : model_{source, tree, options, diagnostics, Symbols(source, tree), GraphBuilder(), 0},
        trial_(model_, "", Inliner::Mode::trial) {}

  GraphPtr run() {
    for (const Statement& statement : model_.tree.statements) analyse(statement);
    // A line that could not be read may use any name.
    if (std::ranges::none_of(model_.tree.statements, [](const Statement& s) { return s.relation == Relation::failed; }))
      for (const Statement& statement : model_.tree.statements) check_used(statement);
    if (!model_.diagnostics.empty()) return nullptr;
    try {
      return model_.builder.build();
    } catch (const BadConfig& error) {
      model_.diagnostics.report_whole(error.what());
      return nullptr;
    }
  }

 private:
  void analyse(const Statement& statement) {
    if (statement.relation == Relation::failed) {
      for (const std::string_view name : statement.declares) model_.symbols.declare(name, {});
      return;
    }
    const bool adds = check_name(statement.name);
    Symbol symbol;
    symbol.declared = statement.name;
    if (statement.relation == Relation::definition) {
      symbol.root = statement.root;
      const std::string_view name = model_.source.text(statement.name);
      const Inlined inlined = adds ? trial_.definition(name, statement.root) : trial_.make(statement.root);
      if (inlined.expression) symbol.kind = Symbol::Kind::definition;
    } else if (const auto vertex = make_vertex(statement, adds)) {
      symbol.kind = Symbol::Kind::vertex;
      symbol.vertex = *vertex;
    }
    model_.symbols.declare(model_.source.text(statement.name), symbol);
  }

  // False where the line cannot add this name; what it says is checked all the same.
  bool check_name(Range at) {
    const std::string name = model_.text(at);
    const Symbol* known = model_.symbols.find(name);
    if (name.find('.') != std::string::npos)
      model_.diagnostics.report(at, "the name of a vertex or expression has no dots",
                                "dots are for parameters within a vertex, such as h1.weight");
    else if (at.length > kLongestName)
      model_.diagnostics.report(at, "a name has at most " + std::to_string(kLongestName) + " letters");
    else if (known)
      model_.diagnostics.report(
          at, "'" + name + "' is declared already, in line " + std::to_string(model_.symbols.line_of(name)),
          "give one of the two another name");
    else
      return true;
    return false;
  }

  std::optional<VertexId> make_vertex(const Statement& statement, bool adds) {
    const SyntaxNode& call = model_.tree.nodes[statement.root];
    const std::string name = model_.text(call.at);
    const Distribution* distribution = call.kind == NodeKind::call ? find_distribution(name) : nullptr;
    if (!distribution) {
      refuse_distribution(call, name);
      return std::nullopt;
    }
    if (!check_call(model_, call, distribution->rule)) {
      for (const NodeArgument& argument : call.arguments) trial_.make(argument.value);
      return std::nullopt;
    }
    return distribution->make(model_, {model_.text(statement.name), statement.name, call, trial_, adds});
  }

  void refuse_distribution(const SyntaxNode& call, const std::string& name) {
    static const std::string hint =
        "after '~' comes input(...), parameter(...), normal(...), categorical(...) or bernoulli(...)";
    if (call.kind != NodeKind::call)
      model_.diagnostics.report(call.at, "this is no distribution", hint);
    else if (find_function(name))
      model_.diagnostics.report(call.at, "'" + name + "' is a function, not a distribution",
                                "for a gaussian vertex with that mean, write normal(" + name + "(...))");
    else if (const std::string meant = suggestion(model_, name, distribution_names()); !meant.empty())
      model_.diagnostics.report(call.at, "there is no distribution named '" + name + "'", meant);
    else
      model_.diagnostics.report(call.at,
                                "there is no distribution named '" + name + "' in this version of the language", hint);
  }

  void check_used(const Statement& statement) {
    const std::string name = model_.text(statement.name);
    const Symbol* symbol = model_.symbols.find(name);
    if (!symbol || symbol->declared.offset != statement.name.offset || model_.symbols.used(name)) return;
    const bool computed =
        symbol->kind == Symbol::Kind::vertex && model_.builder[symbol->vertex].kind == VertexKind::computed;
    if (symbol->kind == Symbol::Kind::failed || computed) return;
    model_.diagnostics.report(statement.name, "no line uses '" + name + "'",
                              "use it in the prediction of a vertex, or take the line out");
  }

  Model model_;
  Inliner trial_;
};

}  // namespace

GraphPtr analyse(const Source& source, const SyntaxTree& tree, const LanguageOptions& options,
                 Diagnostics& diagnostics) {
  return Analyser(source, tree, options, diagnostics).run();
}

}  // namespace settle::language
