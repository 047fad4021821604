#include "graph/language/unknown.hpp"

#include "graph/language/distributions.hpp"
#include "graph/ops/list.hpp"
#include "graph/suggest.hpp"

namespace settle::language {
namespace {

constexpr const char* kCycle = "a cycle goes through a vertex that says its extents: NAME ~ normal(..., shape=48)";

std::string in_quotes(std::string_view name) { return "'" + std::string(name) + "'"; }

// A base that lines above give indices, or none, and this use does not.
std::string hint_of_indices(const Model& model, const std::string& name) {
  const std::string_view base = base_of(name);
  const std::vector<std::string>& known = model.symbols.indexed(base);
  if (base.size() < name.size() && known.empty() && model.symbols.find(base))
    return in_quotes(base) + " has no index; a part of its value is slice(" + std::string(base) + ", begin, end)";
  if (known.empty()) return "";
  const std::string all = in_quotes(known.front()) + (known.size() == 1 ? "" : " to " + in_quotes(known.back()));
  if (base.size() == name.size()) return in_quotes(base) + " has an index: above this line there is " + all;
  return "above this line there is " + all;
}

}  // namespace

void report_unknown_name(Model& model, Range at, const std::string& name) {
  const std::string_view base = base_of(name);
  const std::string indices = hint_of_indices(model, name);
  if (!model.symbols.declared_anywhere(base) || !indices.empty()) {
    model.diagnostics.report(at, "there is no vertex or expression named " + in_quotes(name),
                             indices.empty() ? suggestion(model, name, model.symbols.names()) : indices);
    return;
  }
  const std::uint32_t declared = model.symbols.offset_of(base);
  if (base.size() < name.size())
    model.diagnostics.report(
        at, "there is no vertex or expression named " + in_quotes(name) + " above this line",
        "what a repeat begins with stands before it, such as: " + std::string(base) + "[0] = zeros(64)");
  else if (declared <= at.offset)  // what lines above declare is known: it is this very line
    model.diagnostics.report(at, in_quotes(name) + " depends on itself", kCycle);
  else
    model.diagnostics.report(at,
                             in_quotes(name) + " is declared below, in " + model.source.line_for(declared, at.offset),
                             std::string("move that line above this one; ") + kCycle);
}

void report_unknown_function(Model& model, const SyntaxNode& call) {
  const std::string name = model.text(call.at);
  if (find_distribution(name)) {
    model.diagnostics.report(call.at, "'" + name + "' is a distribution and cannot be part of an expression",
                             "give it a vertex of its own: NAME ~ " + name + "(...)");
    return;
  }
  std::vector<std::string> names = model.symbols.names();
  std::erase_if(names,
                [&](const std::string& known) { return model.symbols.find(known)->kind != Symbol::Kind::function; });
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& function : family.functions) names.push_back(function.name);
  std::string hint = suggestion(model, name, names);
  if (model.symbols.find(name)) {
    hint = "'" + name + "' is a name, not a function; to multiply, write *";
  } else if (model.symbols.declared_anywhere(name)) {
    const std::uint32_t declared = model.symbols.offset_of(name);
    hint = declared <= call.at.offset
               ? "a line uses only what lines above it declare: no function calls itself"
               : model.source.line_for(declared, call.at.offset) + " declares '" + name + "': move it above this one";
  }
  model.diagnostics.report(call.at, "there is no function named '" + name + "'", hint);
}

void report_no_distribution(Model& model, const SyntaxNode& call) {
  const std::string name = model.text(call.at);
  static const std::string hint =
      "after '~' comes input(...), parameter(...), normal(...), categorical(...) or bernoulli(...)";
  const Symbol* symbol = model.symbols.find(name);
  const bool mine = symbol && symbol->kind == Symbol::Kind::function;
  if (call.kind != NodeKind::call)
    model.diagnostics.report(call.at, "this is no distribution", hint);
  else if (mine || find_function(name))
    model.diagnostics.report(call.at, "'" + name + "' is a function, not a distribution",
                             "for a gaussian vertex with that mean, write normal(" + name + "(...))");
  else if (const std::string meant = suggestion(model, name, distribution_names()); !meant.empty())
    model.diagnostics.report(call.at, "there is no distribution named '" + name + "'", meant);
  else
    model.diagnostics.report(call.at, "there is no distribution named '" + name + "' in this version of the language",
                             hint);
}

std::string suggestion(const Model& model, std::string_view word, const std::vector<std::string>& candidates) {
  // In a generated text of that size, the search would cost more than its answer is worth.
  if (model.diagnostics.full() || candidates.size() > 20000) return "";
  const auto nearest = nearest_word(word, candidates);
  return nearest ? "did you mean '" + *nearest + "'?" : "";
}

}  // namespace settle::language
