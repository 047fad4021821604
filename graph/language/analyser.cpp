#include "graph/language/analyser.hpp"

#include <algorithm>
#include <unordered_set>

#include "graph/error.hpp"
#include "graph/language/distributions.hpp"
#include "graph/language/functions.hpp"
#include "graph/language/inliner.hpp"
#include "graph/language/outlook.hpp"
#include "graph/language/unknown.hpp"
#include "graph/language/unused.hpp"
#include "graph/ops/list.hpp"

namespace settle::language {
namespace {

// Names become file names of saved parameters.
constexpr std::size_t kLongestName = 100;

class Analyser {
 public:
  Analyser(const Source& source, const SyntaxTree& tree, const LanguageOptions& options, Diagnostics& diagnostics)
      : model_{source, tree, options, diagnostics, Symbols(source, tree), GraphBuilder(), 0},
        trial_(model_, "", Inliner::Mode::trial),
        failed_(tree.statements.size(), false) {
    model_.declare_ahead = [this](const std::string& name) { return declare_ahead(name); };
  }

  GraphPtr run() {
    const std::vector<Statement>& statements = model_.tree.statements;
    run(0, statements.size());
    // A line that could not be read may use any name.
    if (std::ranges::none_of(statements, [](const Statement& s) { return s.relation == Relation::failed; }))
      for (const Statement& statement : statements) check_used(model_, statement);
    if (model_.diagnostics.empty()) check_children(model_, vertices_);
    if (!model_.diagnostics.empty()) return nullptr;
    try {
      return model_.builder.build();
    } catch (const BadConfig& error) {
      model_.diagnostics.report_whole(error.what());
      return nullptr;
    }
  }

 private:
  void run(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end && !stopped();) {
      const Statement& statement = model_.tree.statements[i];
      if (statement.end > 0)
        repeat(i);
      else if (failed_[i] || statement.relation == Relation::failed)
        fail(i, i + 1);
      else if (!within_limit(statement))
        return;
      else
        failed_[i] = !analyse(statement);
      i = std::max<std::size_t>(i + 1, statement.end);
    }
  }

  // Uses of what these lines would have declared are no mistakes.
  void fail(std::size_t begin, std::size_t end) {
    for (std::size_t i = begin; i < end; ++i)
      for (const Range name : model_.tree.statements[i].declares) model_.symbols.fail(model_.source.text(name));
  }

  bool stopped() const { return model_.diagnostics.full() || std::max(lines_, model_.made) > model_.options.limit; }

  bool within_limit(const Statement& statement) {
    if (++lines_ <= model_.options.limit) return true;
    model_.diagnostics.report(statement.at, "with its repeats written out the model has more than " +
                                                std::to_string(model_.options.limit) + " lines");
    return false;
  }

  void repeat(std::size_t head) {
    const Statement& statement = model_.tree.statements[head];
    const auto range = statement.relation == Relation::failed ? std::nullopt : rounds(statement);
    if (!range) return fail(head + 1, statement.end);
    const std::string_view variable = model_.source.text(statement.name);
    const ScopePtr outer = trial_.scope();
    const auto [first, last, by] = *range;
    for (std::int64_t value = first; by > 0 ? value <= last : value >= last; value += by) {
      if (stopped() || !within_limit(statement)) break;
      const Within round(model_.diagnostics, {variable, value, {}});
      const auto number = static_cast<double>(value);
      trial_.set_scope(std::make_shared<const Scope>(Scope{variable, {constant(number), number, 0, ""}, outer}));
      run(head + 1, statement.end);
    }
    trial_.set_scope(outer);
  }

  struct Rounds {
    std::int64_t first, last, by;
  };

  // Nothing after a mistake, which is reported.
  std::optional<Rounds> rounds(const Statement& statement) {
    const std::string variable = model_.text(statement.name);
    if (model_.symbols.find(variable) || find_in(trial_.scope().get(), variable)) {
      model_.diagnostics.report(statement.name, "'" + variable + "' has a meaning here already",
                                "give the repeat another name");
      return std::nullopt;
    }
    const SyntaxNode& range = model_.tree.nodes[statement.root];
    const auto first = trial_.whole_number(range.arguments[0].value, "the first number of a repeat");
    const auto last = trial_.whole_number(range.arguments[1].value, "the last number of a repeat");
    std::optional<std::int64_t> by = 1;
    if (statement.by) by = trial_.whole_number(*statement.by, "what a repeat counts by");
    if (by == 0) model_.diagnostics.report(model_.tree.nodes[*statement.by].at, "a repeat by 0 has no end");
    if (!first || !last || !by || by == 0) return std::nullopt;
    return Rounds{*first, *last, *by};
  }

  // False after a mistake, or where the line uses a name whose line has one.
  bool analyse(const Statement& statement) {
    const auto name = trial_.name_of(statement.name, statement.indices);
    if (!name) {
      model_.symbols.fail(model_.source.text(statement.name));
      return false;
    }
    const bool adds = check_name(statement, *name);
    Symbol symbol;
    symbol.declared = statement.name;
    Inlined inlined;
    if (statement.relation == Relation::function) {
      symbol = declare_function(model_, statement);
    } else if (statement.relation == Relation::definition) {
      symbol.root = statement.root;
      symbol.scope = trial_.scope();
      inlined = trial_.make(statement.root);
      if (inlined.expression) symbol.kind = Symbol::Kind::definition;
    } else if (const auto vertex = make_vertex(statement, *name, adds)) {
      symbol.kind = Symbol::Kind::vertex;
      symbol.vertex = *vertex;
      vertices_.emplace_back(*vertex, statement.at);
    }
    if (!adds) return false;
    const bool good = symbol.kind != Symbol::Kind::failed;
    const bool defines = symbol.kind == Symbol::Kind::definition;
    const Symbol& known = model_.symbols.declare(*name, std::move(symbol));
    if (defines) trial_.keep(known, *name, std::move(inlined));
    return good;
  }

  // False where the line cannot add this name; what it says is checked all the same.
  bool check_name(const Statement& statement, const std::string& name) {
    Diagnostics& diagnostics = model_.diagnostics;
    const std::string base = model_.text(statement.name);
    const Symbol* known = declared_before(statement, name);
    const bool function = statement.relation == Relation::function;
    if (base.find('.') != std::string::npos)
      diagnostics.report(statement.name, "the name of a vertex or expression has no dots",
                         "dots are for parameters within a vertex, such as h1.weight");
    else if (name.size() > kLongestName)
      diagnostics.report(statement.at, "a name has at most " + std::to_string(kLongestName) + " letters");
    else if (function && !statement.indices.empty())
      diagnostics.report(statement.at, "a function has no index");
    else if (function && (find_function(name) || find_distribution(name)))
      diagnostics.report(statement.name, "'" + name + "' is a function of the language", "give yours another name");
    else if (find_in(trial_.scope().get(), name))
      diagnostics.report(statement.name, "'" + name + "' is the number of the repeat around it");
    else if (known && known->declared.offset == statement.name.offset)
      diagnostics.report(statement.at, "'" + name + "' is declared in every round of the repeat",
                         "give it an index, as in " + base + "[t]");
    else if (known)
      diagnostics.report(statement.at,
                         "'" + name + "' is declared already, in " +
                             model_.source.line_for(known->declared.offset, statement.name.offset),
                         "give one of the two another name");
    else
      return true;
    return false;
  }

  // Null also where the name is declared ahead of this line, or in a line that could not be read.
  const Symbol* declared_before(const Statement& statement, const std::string& name) {
    const Symbol* known = model_.symbols.find(name);
    const bool unread = known && known->declared.length == 0;
    return unread || awaited(statement, known) ? nullptr : known;
  }

  bool awaited(const Statement& statement, const Symbol* known) const {
    return known && known->kind == Symbol::Kind::vertex && undefined_.contains(known->vertex) &&
           known->declared.offset == statement.name.offset;
  }

  std::optional<VertexId> make_vertex(const Statement& statement, const std::string& name, bool adds) {
    const SyntaxNode& call = model_.tree.nodes[statement.root];
    const std::string kind = model_.text(call.at);
    const Distribution* distribution = call.kind == NodeKind::call ? find_distribution(kind) : nullptr;
    if (!distribution) {
      report_no_distribution(model_, call);
      return std::nullopt;
    }
    if (!check_call(model_, call, distribution->rule)) {
      for (const NodeArgument& argument : call.arguments) trial_.make(argument.value);
      return std::nullopt;
    }
    NewVertex vertex{name, statement.at, call, trial_, adds};
    if (const Symbol* known = model_.symbols.find(name); adds && awaited(statement, known)) {
      undefined_.erase(known->vertex);
      vertex.declared = known->vertex;
    } else if (adds && says_extents(model_, call)) {
      const Symbol* symbol = declare(statement, vertex);
      if (!symbol) return std::nullopt;
      vertex.declared = symbol->vertex;
    }
    return distribution->make(model_, vertex);
  }

  // Null after a mistake, which is reported.
  const Symbol* declare(const Statement& statement, const NewVertex& vertex) {
    declaring_ = true;
    const auto id = declare_vertex(model_, vertex);
    declaring_ = false;
    Symbol symbol;
    symbol.declared = statement.name;
    if (id) {
      symbol.kind = Symbol::Kind::vertex;
      symbol.vertex = *id;
    }
    const Symbol& known = model_.symbols.declare(vertex.name, std::move(symbol));
    return id ? &known : nullptr;
  }

  const Symbol* declare_ahead(const std::string& name) {
    // Its extents are numbers: they use no vertex, and not this one.
    if (declaring_ || !model_.symbols.declared_anywhere(base_of(name))) return nullptr;
    if (!outlook_) outlook_.emplace(model_);
    const Outlook::Below* below = outlook_->find(name);
    if (!below) return nullptr;
    const SyntaxNode& call = model_.tree.nodes[below->statement->root];
    const Distribution* distribution =
        call.kind == NodeKind::call ? find_distribution(model_.source.text(call.at)) : nullptr;
    if (!distribution || !says_extents(model_, call) || !check_call(model_, call, distribution->rule)) return nullptr;
    const ScopePtr scope = trial_.scope();
    trial_.set_scope(below->scope);
    const Symbol* symbol = declare(*below->statement, {name, below->statement->at, call, trial_});
    trial_.set_scope(scope);
    if (symbol) undefined_.insert(symbol->vertex);
    return symbol;
  }

  Model model_;
  Inliner trial_;
  std::vector<bool> failed_;  // by statement: a round of it has a mistake
  std::uint64_t lines_ = 0;   // repeated ones counted every time
  std::vector<std::pair<VertexId, Range>> vertices_;
  std::optional<Outlook> outlook_;          // once a line uses what no line above declares
  std::unordered_set<VertexId> undefined_;  // declared, their own line is still to come
  bool declaring_ = false;
};

}  // namespace

GraphPtr analyse(const Source& source, const SyntaxTree& tree, const LanguageOptions& options,
                 Diagnostics& diagnostics) {
  return Analyser(source, tree, options, diagnostics).run();
}

}  // namespace settle::language
