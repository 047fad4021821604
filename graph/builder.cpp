#include "graph/builder.hpp"

#include <cassert>

#include "graph/error.hpp"
#include "graph/ops/layout.hpp"
#include "graph/tiling.hpp"
#include "graph/topology.hpp"

namespace settle {
namespace {

// What `work` returns; its errors name the vertex.
template <class Work>
auto placed(const std::string& vertex, const Work& work) {
  try {
    return work();
  } catch (const BadConfig& error) {
    throw BadConfig("vertex '" + vertex + "': " + error.what());
  }
}

}  // namespace

GraphBuilder::GraphBuilder(const Graph& graph) {
  for (const Vertex& vertex : graph.vertices()) {
    add(vertex);
    for (const ParameterSpec& spec : vertex.parameters) claim(spec);
  }
}

void GraphBuilder::redirect(VertexId child, Slot slot, VertexId parent) {
  auto& vertices = graph_.vertices_;
  Edge& edge = vertices[child].parents[slot];
  assert(vertices[edge.vertex].shape == vertices[parent].shape);
  auto& siblings = vertices[edge.vertex].children;
  siblings.erase(siblings.begin() + edge.slot);
  for (Slot k = edge.slot; k < siblings.size(); ++k) vertices[siblings[k].vertex].parents[siblings[k].slot].slot = k;
  edge = {parent, static_cast<Slot>(vertices[parent].children.size())};
  vertices[parent].children.push_back({child, slot});
}

void GraphBuilder::replace_operators(const std::function<OpPtr(const OpPtr&)>& replacement) {
  std::unordered_map<ProgramPtr, ProgramPtr> replaced;
  for (Vertex& vertex : graph_.vertices_) {
    ProgramPtr& program = replaced[vertex.program];
    if (!program) {
      Program copy = *vertex.program;
      for (Instruction& instruction : copy.instructions) instruction.op = replacement(instruction.op);
      copy.finish();
      program = programs_.share(std::move(copy));
    }
    vertex.program = program;
  }
}

void GraphBuilder::change_prediction(VertexId id, Program program, std::vector<ParameterSpec> added) {
  program.finish();
  Vertex& vertex = graph_.vertices_[id];
  vertex.program = programs_.share(std::move(program));
  for (ParameterSpec& spec : added) {
    claim(spec);
    vertex.parameters.push_back(std::move(spec));
  }
}

VertexId GraphBuilder::add(Vertex vertex) {
  const auto id = static_cast<VertexId>(graph_.vertices_.size());
  if (vertex.name.empty()) throw BadConfig("a vertex needs a name");
  if (graph_.find(vertex.name)) throw BadConfig("there are two vertices named '" + vertex.name + "'");
  graph_.vertices_.push_back(std::move(vertex));
  graph_.ids_.insert(id, graph_.vertices());
  return id;
}

void GraphBuilder::claim(const ParameterSpec& spec) {
  if (!parameter_names_.insert(spec.name).second)
    throw BadConfig("there are two parameters named '" + spec.name + "': rename a vertex, or the name they share");
}

VertexId GraphBuilder::input(const std::string& name, const Shape& sample) {
  return fixed_input(name, Shape::batched_over(sample));
}

VertexId GraphBuilder::fixed_input(const std::string& name, const Shape& shape) {
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::input;
  vertex.shape = shape;
  return add(std::move(vertex));
}

VertexId GraphBuilder::parameter(const std::string& name, const Shape& shape, const Initializer& init) {
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::parameter;
  vertex.shape = shape;
  vertex.parameters.push_back({name, shape, init});
  const ParameterSpec spec = vertex.parameters[0];
  const VertexId id = add(std::move(vertex));
  claim(spec);
  return id;
}

Compiled GraphBuilder::compile_prediction(const std::string& name, const ExpressionPtr& location, const Energy& energy,
                                          const FoldedPrecision& precision) {
  if (energy.needs_class_axis() && location->shape.sample().rank() == 0)
    throw BadConfig("vertex '" + name + "': a " + std::string(energy.name()) +
                    " vertex needs logits along an axis, these have shape " + location->shape.to_string());
  if (precision.expression && !energy.relaxable())
    throw BadConfig("vertex '" + name + "': a " + std::string(energy.name()) + " vertex has no precision");
  Compiled compiled = placed(name, [&] { return compile(location, precision.expression); });
  for (const ParameterSpec& spec : compiled.parameters) claim(spec);
  return compiled;
}

void GraphBuilder::complete(VertexId id, Compiled compiled, EnergyPtr energy, const FoldedPrecision& precision) {
  Vertex& vertex = graph_.vertices_[id];
  vertex.energy = std::move(energy);
  vertex.precision = precision.number;
  vertex.precision_kind = precision.kind;
  vertex.program = programs_.share(std::move(compiled.program));
  vertex.parameters = std::move(compiled.parameters);
  for (Slot slot = 0; slot < compiled.parents.size(); ++slot) {
    Vertex& parent = graph_.vertices_[compiled.parents[slot]];
    vertex.parents.push_back({compiled.parents[slot], static_cast<Slot>(parent.children.size())});
    parent.children.push_back({id, slot});
  }
}

VertexId GraphBuilder::compute(const std::string& name, const ExpressionPtr& location, EnergyPtr energy,
                               const PrecisionSpec& precision) {
  const FoldedPrecision folded = placed(name, [&] { return fold(precision); });
  Compiled compiled = compile_prediction(name, location, *energy, folded);
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::computed;
  vertex.shape = location->shape;
  const VertexId id = add(std::move(vertex));
  complete(id, std::move(compiled), std::move(energy), folded);
  return id;
}

VertexId GraphBuilder::compute_tiled(const std::string& name, const ExpressionPtr& location, const EnergyPtr& energy,
                                     const PrecisionSpec& precision, std::int64_t tiles) {
  if (tiles == 1) return compute(name, location, energy, precision);
  if (energy->needs_class_axis())
    throw BadConfig("vertex '" + name + "': the units of a " + std::string(energy->name()) +
                    " vertex are one choice, they cannot be split into tiles");
  std::vector<VertexId> ids;
  for (const Tile& tile : split_units(name, location, precision.expression, tiles))
    ids.push_back(
        compute(tile.vertex, tile.location, energy, tile.precision ? PrecisionSpec(tile.precision) : precision));
  const VertexId first = ids.front();
  tiles_.emplace(first, std::move(ids));
  return first;
}

VertexId GraphBuilder::declare(const std::string& name, const Shape& sample, const Initializer& first_value) {
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::computed;
  vertex.shape = Shape::batched_over(sample);
  vertex.first_value = first_value;
  return add(std::move(vertex));
}

void GraphBuilder::define(VertexId id, const ExpressionPtr& location, EnergyPtr energy,
                          const PrecisionSpec& precision) {
  const Vertex& vertex = graph_.vertices_[id];
  assert(vertex.first_value && !vertex.energy);
  if (location->shape != vertex.shape)
    throw BadConfig("vertex '" + vertex.name + "' was declared with shape " + vertex.shape.to_string() +
                    ", its prediction has shape " + location->shape.to_string());
  const FoldedPrecision folded = placed(vertex.name, [&] { return fold(precision); });
  Compiled compiled = compile_prediction(vertex.name, location, *energy, folded);
  complete(id, std::move(compiled), std::move(energy), folded);
}

ExpressionPtr GraphBuilder::use_one(VertexId id) const {
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::vertex;
  expression->vertex = id;
  expression->shape = graph_.vertices_[id].shape;
  return expression;
}

ExpressionPtr GraphBuilder::use(VertexId id) const {
  const auto tiled = tiles_.find(id);
  if (tiled == tiles_.end()) return use_one(id);
  std::vector<ExpressionPtr> tiles;
  for (const VertexId tile : tiled->second) tiles.push_back(use_one(tile));
  return apply(concat_op(-1), std::move(tiles));
}

void GraphBuilder::check_complete() const {
  bool predicts = false;
  for (const Vertex& vertex : graph_.vertices_) {
    if (vertex.kind != VertexKind::computed) continue;
    if (!vertex.energy) throw BadConfig("vertex '" + vertex.name + "' is declared, but nothing says what predicts it");
    predicts = true;
  }
  if (!predicts) throw BadConfig("the model has no vertex with a prediction (such as: y ~ normal(x))");
}

GraphPtr GraphBuilder::build() {
  check_complete();
  auto& vertices = graph_.vertices_;
  Topology found = topology(vertices);
  for (VertexId id = 0; id < vertices.size(); ++id) {
    Vertex& vertex = vertices[id];
    vertex.depth = found.depth[id];
    vertex.height = found.height[id];
    if (!found.on_cycle[id])
      vertex.first_value.reset();
    else if (!vertex.first_value)
      vertex.first_value = Initializer();
    if (vertex.kind == VertexKind::input) graph_.inputs_.push_back(id);
    if (vertex.kind == VertexKind::computed && vertex.childless()) graph_.outputs_.push_back(id);
    for (const ParameterSpec& spec : vertex.parameters) graph_.parameter_count_ += spec.shape.size();
    graph_.edges_ += vertex.parents.size();
  }
  graph_.order_ = std::move(found.order);
  graph_.cycles_ = std::move(found.cycles);
  parameter_names_.clear();
  programs_ = {};
  tiles_.clear();
  return std::make_shared<const Graph>(std::exchange(graph_, Graph()));
}

std::optional<VertexId> Graph::find(std::string_view name) const { return ids_.find(name, vertices()); }

}  // namespace settle
