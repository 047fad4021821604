#include "graph/language/unused.hpp"

namespace settle::language {
namespace {

void report_unused(Model& model, Range at, const std::string& name) {
  model.diagnostics.report(at, "no line uses '" + name + "'",
                           "use it in the prediction of a vertex, or take the line out");
}

}  // namespace

void check_used(Model& model, const Statement& statement) {
  const bool names = statement.relation == Relation::definition || statement.relation == Relation::function;
  if (!names || model.source.place(statement.name.offset).file > 0) return;
  const std::string_view base = model.source.text(statement.name);
  const Symbol* symbol = model.symbols.find(base);
  if (model.symbols.used(base) || (symbol && symbol->declared.offset != statement.name.offset)) return;
  if (symbol && symbol->kind == Symbol::Kind::failed) return;
  report_unused(model, statement.name, std::string(base));
}

void check_children(Model& model, std::span<const std::pair<VertexId, Range>> vertices) {
  for (const auto& [id, at] : vertices) {
    const Vertex& vertex = model.builder[id];
    if (vertex.kind == VertexKind::computed || !vertex.childless()) continue;
    report_unused(model, at, vertex.name);
    return;
  }
}

}  // namespace settle::language
