// Purpose: the only way to make a Graph: vertices in order, each after the ones it uses or after their declaration.
// Compiles every prediction into a Program, gives ids and slots, checks names and shapes. Caller: the language,
// families, tests, and C++ users who describe a model in code:
//
//   GraphBuilder model;
//   auto x = model.input("x", {784});
//   auto h = model.normal("h", apply(tanh_op(), {linear(model.use(x), 300, "h")}));
//   GraphPtr graph = model.build();
//
// A vertex that is used before its prediction can be written, by itself or by vertices that it predicts in turn, is
// declared first and defined later:
//
//   auto h = model.declare("h", {48}, {Initializer::Kind::normal, 0.1});
//   model.define_normal(h, linear(apply(tanh_op(), {model.use(h)}), 48, "h"));
//
// Errors: BadConfig naming the vertex. Thread rule: one owner.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "graph/compile.hpp"
#include "graph/expression.hpp"
#include "graph/graph.hpp"
#include "graph/precision.hpp"

namespace settle {

class GraphBuilder {
 public:
  GraphBuilder() = default;
  // Goes on from a graph: its vertices keep their ids, more may come after them.
  explicit GraphBuilder(const Graph& graph);

  VertexId input(const std::string& name, const Shape& sample);
  // An input without a batch axis of its own: its data have this shape, whatever the axes mean.
  VertexId fixed_input(const std::string& name, const Shape& shape);
  VertexId parameter(const std::string& name, const Shape& shape, const Initializer& init);
  // A computed vertex. Errors: BadConfig for constants in the precision that are not positive and finite, a shape that
  // does not broadcast, or an expression for an energy that has no precision.
  VertexId compute(const std::string& name, const ExpressionPtr& location, EnergyPtr energy,
                   const PrecisionSpec& precision = 1);
  VertexId normal(const std::string& name, const ExpressionPtr& mean, const PrecisionSpec& precision = 1) {
    return compute(name, mean, gaussian(), precision);
  }

  // The same as `tiles` vertices NAME{0}, NAME{1}, ..., each of as many units of the last axis, one more or less (see
  // graph/tiling.hpp). `use` of the id it returns stands for all of them, joined; linear takes them in place.
  // Errors: as split_units; BadConfig where the last axis holds the logits of one choice.
  VertexId compute_tiled(const std::string& name, const ExpressionPtr& location, const EnergyPtr& energy,
                         const PrecisionSpec& precision, std::int64_t tiles);

  // A computed vertex whose prediction `define` gives later; it may be used at once. Where it comes to lie on a cycle,
  // every sample starts a trial from the same first value, which is drawn by (seed, name); elsewhere it starts from its
  // prediction. A vertex on a cycle that was not declared starts from 0.
  VertexId declare(const std::string& name, const Shape& sample, const Initializer& first_value = {});
  // Requires: `id` was declared and is not yet defined.
  // Errors: BadConfig as `compute`, and where the location has another shape than was declared.
  void define(VertexId id, const ExpressionPtr& location, EnergyPtr energy, const PrecisionSpec& precision = 1);
  void define_normal(VertexId id, const ExpressionPtr& mean, const PrecisionSpec& precision = 1) {
    define(id, mean, gaussian(), precision);
  }

  // The edge to `child` at `slot` comes from another vertex of the same shape from now on. Requires: it had no edge to
  // `child`.
  void redirect(VertexId child, Slot slot, VertexId parent);

  // Every vertex computes with `replacement(op)` in place of `op`. Requires: it takes and makes the same shapes.
  void replace_operators(const std::function<OpPtr(const OpPtr&)>& replacement);

  // The vertex computes by `program`, which has parameters more than before, the last ones: `added`. Requires: the same
  // parents and output shape; it need not be finished.
  void change_prediction(VertexId id, Program program, std::vector<ParameterSpec> added);

  // The vertex's value, to use in a vertex's expression.
  ExpressionPtr use(VertexId id) const;
  const Vertex& operator[](VertexId id) const { return graph_.vertices_[id]; }
  std::optional<VertexId> find(std::string_view name) const { return graph_.find(name); }

  // Errors: BadConfig for a model without a computed vertex, or with one that is declared and not defined. The builder
  // is empty afterwards.
  GraphPtr build();

 private:
  ExpressionPtr use_one(VertexId id) const;
  VertexId add(Vertex vertex);
  // Errors: BadConfig where another vertex has a parameter of that name: saved state could not tell them apart.
  void claim(const ParameterSpec& spec);
  // Checks the prediction of vertex `name`, compiles it and claims its parameters.
  Compiled compile_prediction(const std::string& name, const ExpressionPtr& location, const Energy& energy,
                              const FoldedPrecision& precision);
  void complete(VertexId id, Compiled compiled, EnergyPtr energy, const FoldedPrecision& precision);
  void check_complete() const;

  Graph graph_;
  std::unordered_set<std::string> parameter_names_;
  std::unordered_map<VertexId, std::vector<VertexId>> tiles_;  // by the first of them
  ProgramPool programs_;
};

}  // namespace settle
