// Purpose: the immutable description of a model: vertices, edges with their slots, and an order of evaluation.
// A parent predicts a child; a vertex pair has at most one edge, a vertex may be its own parent. `Slot` numbers an edge
// at an endpoint and fixes the order of every sum. A vertex on a cycle has no prediction to start from: its value
// starts a trial from `first_value`. Built by GraphBuilder only; executors keep a shared_ptr<const Graph>. Thread rule:
// immutable.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "graph/energy.hpp"
#include "graph/initializer.hpp"
#include "graph/name_index.hpp"
#include "graph/program.hpp"

namespace settle {

using VertexId = std::uint32_t;
using Slot = std::uint32_t;

enum class PrecisionKind {
  uniform,   // one number for every element
  fixed,     // a tensor of constants
  inferred,  // learned (an expression of parameters) or predicted (of other vertices)
};

enum class VertexKind {
  input,      // clamped to data, or free
  parameter,  // shared parameter: moves in learn only
  computed,   // has a prediction and an energy
};

struct Edge {
  VertexId vertex;  // the other endpoint
  Slot slot;        // this edge's slot at the other endpoint
};

struct Vertex {
  std::string name;
  VertexKind kind = VertexKind::computed;
  Shape shape;           // symbolic: `[batch, ...]`, or unbatched where no parent has a batch
  EnergyPtr energy;      // computed vertices only
  double precision = 1;  // computed vertices only, > 0, where its kind is uniform; else the program makes it
  PrecisionKind precision_kind = PrecisionKind::uniform;
  ProgramPtr program = no_program();       // of computed vertices; shared by those that compute alike
  std::vector<Edge> parents;               // by slot, in order of first use in the expression
  std::vector<Edge> children;              // by slot, in the order in which the children were defined
  std::vector<ParameterSpec> parameters;   // its own; for a parameter vertex: itself, one entry
  std::optional<Initializer> first_value;  // of a sample, keyed by (seed, name); set where it lies on a cycle
  std::uint32_t depth = 0;                 // edges of the longest path to it, those within a cycle not counted
  std::uint32_t height = 0;                // edges of the longest path from it, counted alike

  bool childless() const noexcept { return children.empty(); }
  bool cyclic() const noexcept { return first_value.has_value(); }
};

// Of the cycles in one strongly connected part of a graph, a shortest one.
struct Cycle {
  std::vector<VertexId> path;  // along the edges, from the smallest id; the last predicts the first
  std::size_t vertices = 0;    // of the whole part
};

class Graph {
 public:
  std::size_t size() const noexcept { return vertices_.size(); }
  const Vertex& operator[](VertexId id) const noexcept { return vertices_[id]; }
  std::span<const Vertex> vertices() const noexcept { return vertices_; }
  std::optional<VertexId> find(std::string_view name) const;

  // Every vertex after its parents, but that the vertices of a cycle stand together, by id. The ids themselves, in
  // order, where every vertex was described after its parents.
  std::span<const VertexId> order() const noexcept { return order_; }
  std::span<const Cycle> cycles() const noexcept { return cycles_; }  // one a strongly connected part, in that order
  bool acyclic() const noexcept { return cycles_.empty(); }

  std::span<const VertexId> inputs() const noexcept { return inputs_; }    // kind input, in order of declaration
  std::span<const VertexId> outputs() const noexcept { return outputs_; }  // computed and childless

  std::uint64_t edges() const noexcept { return edges_; }
  std::int64_t parameter_count() const noexcept { return parameter_count_; }

 private:
  friend class GraphBuilder;
  Graph() = default;

  std::vector<Vertex> vertices_;
  NameIndex ids_;
  std::vector<VertexId> order_;
  std::vector<Cycle> cycles_;
  std::vector<VertexId> inputs_;
  std::vector<VertexId> outputs_;
  std::uint64_t edges_ = 0;
  std::int64_t parameter_count_ = 0;
};

using GraphPtr = std::shared_ptr<const Graph>;

}  // namespace settle
