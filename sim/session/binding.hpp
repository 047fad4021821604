// Purpose: joins a dataset to a graph: its input columns clamp the graph's inputs, its target columns the graph's
// outputs, in order of declaration; and feeds the clamped vertices. Errors: BadConfig naming vertex and column where
// numbers or shapes do not fit. Thread rule: any thread.
#pragma once

#include <memory>
#include <vector>

#include "graph/trial.hpp"
#include "sim/dataset.hpp"
#include "sim/session/batch_layout.hpp"

namespace settle {

struct Binding {
  std::vector<VertexId> inputs;   // by input column
  std::vector<VertexId> targets;  // by target column
  std::shared_ptr<const std::vector<char>> clamped;
  BatchLayout layout;
};

// `batch_axis`: where a graph of fixed extents has its samples.
Binding bind(const Graph& graph, const Split& split, std::size_t batch_axis = 0);

template <class Scalar>
class DatasetSource final : public ClampSource<Scalar> {
 public:
  // Requires: `data` outlives it.
  DatasetSource(const Graph& graph, const Binding& binding, const Dataset& data);

  // `samples`: numbers (first_number), all of one split.
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override;

 private:
  struct Place {
    bool target = false;
    std::size_t column = 0;
  };
  std::vector<Place> places_;  // by VertexId
  std::size_t batch_axis_;
  const Dataset& data_;
};

}  // namespace settle
