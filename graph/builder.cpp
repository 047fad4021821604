#include "graph/builder.hpp"

#include <cmath>

#include "graph/compile.hpp"
#include "graph/error.hpp"

namespace settle {

VertexId GraphBuilder::add(Vertex vertex) {
  const auto id = static_cast<VertexId>(graph_.vertices_.size());
  if (vertex.name.empty()) throw BadConfig("a vertex needs a name");
  if (!graph_.ids_.emplace(vertex.name, id).second)
    throw BadConfig("there are two vertices named '" + vertex.name + "'");
  graph_.vertices_.push_back(std::move(vertex));
  return id;
}

void GraphBuilder::claim(const ParameterSpec& spec) {
  if (!parameter_names_.insert(spec.name).second)
    throw BadConfig("there are two parameters named '" + spec.name + "': rename a vertex, or the name they share");
}

VertexId GraphBuilder::input(const std::string& name, const Shape& sample) {
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::input;
  vertex.shape = Shape::batched_over(sample);
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

VertexId GraphBuilder::compute(const std::string& name, const ExpressionPtr& location, EnergyPtr energy,
                               double precision) {
  if (!(precision > 0) || !std::isfinite(precision))
    throw BadConfig("vertex '" + name + "': a precision must be positive and finite");
  if (energy->needs_class_axis() && location->shape.sample().rank() == 0)
    throw BadConfig("vertex '" + name + "': a " + std::string(energy->name()) +
                    " vertex needs logits along an axis, these have shape " + location->shape.to_string());
  Compiled compiled = compile(location);
  for (const ParameterSpec& spec : compiled.parameters) claim(spec);
  Vertex vertex;
  vertex.name = name;
  vertex.kind = VertexKind::computed;
  vertex.shape = compiled.program.output_shape();
  vertex.energy = std::move(energy);
  vertex.precision = precision;
  vertex.program = std::move(compiled.program);
  vertex.parameters = std::move(compiled.parameters);
  const VertexId id = add(std::move(vertex));
  for (Slot slot = 0; slot < compiled.parents.size(); ++slot) {
    Vertex& parent = graph_.vertices_[compiled.parents[slot]];
    graph_.vertices_[id].parents.push_back({compiled.parents[slot], static_cast<Slot>(parent.children.size())});
    parent.children.push_back({id, slot});
  }
  return id;
}

ExpressionPtr GraphBuilder::use(VertexId id) const {
  auto expression = std::make_shared<Expression>();
  expression->kind = Expression::Kind::vertex;
  expression->vertex = id;
  expression->shape = graph_.vertices_[id].shape;
  return expression;
}

GraphPtr GraphBuilder::build() {
  auto& vertices = graph_.vertices_;
  for (VertexId id = 0; id < vertices.size(); ++id) {
    Vertex& vertex = vertices[id];
    for (const Edge& edge : vertex.parents) vertex.depth = std::max(vertex.depth, vertices[edge.vertex].depth + 1);
    if (vertex.kind == VertexKind::input) graph_.inputs_.push_back(id);
    if (vertex.kind == VertexKind::computed && vertex.childless()) graph_.outputs_.push_back(id);
    for (const ParameterSpec& spec : vertex.parameters) graph_.parameter_count_ += spec.shape.size();
    graph_.edges_ += vertex.parents.size();
  }
  for (VertexId id = static_cast<VertexId>(vertices.size()); id-- > 0;)
    for (const Edge& edge : vertices[id].children)
      vertices[id].height = std::max(vertices[id].height, vertices[edge.vertex].height + 1);
  if (graph_.outputs_.empty()) throw BadConfig("the model has no vertex with a prediction (such as: y ~ normal(x))");
  parameter_names_.clear();
  return std::make_shared<const Graph>(std::exchange(graph_, Graph()));
}

std::optional<VertexId> Graph::find(std::string_view name) const {
  const auto found = ids_.find(std::string(name));
  if (found == ids_.end()) return std::nullopt;
  return found->second;
}

}  // namespace settle
