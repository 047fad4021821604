// Purpose: the only way to make a Graph: vertices in order, each after the ones it uses. Compiles every prediction into
// a Program, gives ids and slots, checks names and shapes. Caller: the language, families, tests, and C++ users who
// describe a model in code:
//
//   GraphBuilder model;
//   auto x = model.input("x", {784});
//   auto h = model.normal("h", apply(tanh_op(), {linear(model.use(x), 300, "h")}));
//   GraphPtr graph = model.build();
//
// Errors: BadConfig naming the vertex. Thread rule: one owner.
#pragma once

#include <string>
#include <unordered_set>

#include "graph/expression.hpp"
#include "graph/graph.hpp"

namespace settle {

class GraphBuilder {
 public:
  VertexId input(const std::string& name, const Shape& sample);
  VertexId parameter(const std::string& name, const Shape& shape, const Initializer& init);
  // A computed vertex. Requires: precision > 0, finite.
  VertexId compute(const std::string& name, const ExpressionPtr& location, EnergyPtr energy, double precision = 1);
  VertexId normal(const std::string& name, const ExpressionPtr& mean, double precision = 1) {
    return compute(name, mean, gaussian(), precision);
  }

  // The vertex's value, to use in a later vertex's expression.
  ExpressionPtr use(VertexId id) const;
  const Vertex& operator[](VertexId id) const { return graph_.vertices_[id]; }
  std::optional<VertexId> find(std::string_view name) const { return graph_.find(name); }

  // Errors: BadConfig for a model without a computed vertex. The builder is empty afterwards.
  GraphPtr build();

 private:
  VertexId add(Vertex vertex);
  // Errors: BadConfig where another vertex has a parameter of that name: saved state could not tell them apart.
  void claim(const ParameterSpec& spec);

  Graph graph_;
  std::unordered_set<std::string> parameter_names_;
};

}  // namespace settle
