// Purpose: proves every message and every learning step of a model at once: at random values of all vertices, what a
// node computes is compared with central differences of its energy E_j.
//   feedback to parent i         - dE_j / dv_i
//   what drives its own value    - dE_j / dv_j = feedback over an edge to itself - weighted error
//   what its parameters learn    - dE_j / d theta
// Caller: tests. Thread rule: pure.
#pragma once

#include <cmath>
#include <functional>
#include <numeric>
#include <string>

#include "graph/random.hpp"
#include "graph/reference.hpp"

namespace settle::test {

// All vertices are held to `values`.
struct HeldValues final : ClampSource<double> {
  HeldValues(const Graph& graph, std::uint32_t batch, std::uint64_t seed) {
    trial.samples.resize(batch);
    std::vector<VertexId> all(graph.size());
    std::iota(all.begin(), all.end(), VertexId{0});
    trial.clamped = clamp_set(graph, all);
    for (const Vertex& vertex : graph.vertices()) {
      values.emplace_back(vertex.shape.with_batch(batch));
      RandomStream random(seed, vertex.name, "held");
      for (double& x : values.back().flat()) x = 0.7 * random.normal();
    }
  }
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<double>& out) const override {
    std::ranges::copy(values[vertex].flat(), out.data());
  }
  Trial trial;
  std::vector<Tensor<double>> values;
};

struct WorstDifference {
  double relative = 0;  // to the largest derivative of the same message, at least 1
  std::string where;
  void add(const std::string& name, std::span<const double> actual, std::span<const double> expected) {
    double scale = 1;
    for (const double x : expected) scale = std::max(scale, std::abs(x));
    for (std::size_t i = 0; i < expected.size(); ++i) {
      const double distance = std::abs(actual[i] - expected[i]) / scale;
      if (distance <= relative) continue;
      relative = distance;
      where = name + ", element " + std::to_string(i) + ": " + std::to_string(actual[i]) + ", differences give " +
              std::to_string(expected[i]);
    }
    elements += expected.size();
  }
  std::size_t elements = 0;
};

// d energy / dx at x, by central differences at two steps, extrapolated to step 0. Leaves x as it was.
template <class Energy>
double slope(double& x, const Energy& energy) {
  const double centre = x;
  const auto energy_at = [&](double to) {
    x = to;
    return energy();
  };
  const auto difference = [&](double step) {
    return (energy_at(centre + step) - energy_at(centre - step)) / (2 * step);
  };
  const double result = (4 * difference(5e-4) - difference(1e-3)) / 3;
  energy_at(centre);
  return result;
}

class EnergyDifferences {
 public:
  EnergyDifferences(GraphPtr graph, std::uint64_t seed)
      : graph_(std::move(graph)), held_(*graph_, 3, seed), reference_(graph_, seed, {}) {}

  WorstDifference run() {
    for (VertexId id = 0; id < graph_->size(); ++id)
      if ((*graph_)[id].kind == VertexKind::computed) check(id);
    return worst_;
  }

 private:
  double energy_of(VertexId id) {
    reference_.predict(held_.trial, held_);
    return reference_.node(id).energy();
  }

  // - dE_id / dx for the elements x of a vertex's value.
  std::vector<double> value_slopes(VertexId id, VertexId of) {
    std::vector<double> slopes;
    for (double& x : held_.values[of].flat()) slopes.push_back(-slope(x, [&] { return energy_of(id); }));
    return slopes;
  }

  // - dE_id / dx for the elements x of parameter k of a vertex.
  std::vector<double> parameter_slopes(VertexId id, VertexId of, std::size_t k) {
    Tensor<double> moved = reference_.node(of).parameter(k);
    std::vector<double> slopes;
    for (double& x : moved.flat())
      slopes.push_back(-slope(x, [&] {
        reference_.node(of).set_parameter(k, std::as_const(moved).view());
        return energy_of(id);
      }));
    return slopes;
  }

  void check(VertexId id) {
    const Vertex& vertex = (*graph_)[id];
    energy_of(id);
    Node<double>& node = reference_.node(id);
    std::vector<std::vector<double>> feedback;
    for (Slot slot = 0; slot < vertex.parents.size(); ++slot) {
      const Payload<double> formed = node.feedback(slot);
      feedback.emplace_back((*graph_)[vertex.parents[slot].vertex].shape.with_batch(3).size(), 0.0);
      if (formed) std::ranges::copy(formed->flat(), feedback.back().begin());
    }
    const std::vector<Tensor<double>> gradients = node.read_out();
    // The force on its own value: what comes back over an edge to itself, less its weighted error.
    std::vector<double> force(static_cast<std::size_t>(held_.values[id].size()), 0.0);
    if (const Payload<double>& xi = node.weighted_error())
      std::ranges::transform(xi->flat(), force.begin(), [](double x) { return -x; });

    for (Slot slot = 0; slot < vertex.parents.size(); ++slot) {
      const VertexId parent = vertex.parents[slot].vertex;
      if (parent == id)
        std::ranges::transform(force, feedback[slot], force.begin(), std::plus<>{});
      else
        worst_.add((*graph_)[parent].name + " -> " + vertex.name, feedback[slot],
                   (*graph_)[parent].kind == VertexKind::parameter ? parameter_slopes(id, parent, 0)
                                                                   : value_slopes(id, parent));
    }
    if (vertex.energy->relaxable()) worst_.add(vertex.name, force, value_slopes(id, id));
    for (std::size_t k = 0; k < vertex.parameters.size(); ++k) {
      std::vector<double> downhill;
      for (const double g : gradients[k].flat()) downhill.push_back(-g);
      worst_.add(vertex.parameters[k].name, downhill, parameter_slopes(id, id, k));
    }
  }

  GraphPtr graph_;
  HeldValues held_;
  Reference<double> reference_;
  WorstDifference worst_;
};

}  // namespace settle::test
