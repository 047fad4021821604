// Purpose: data for benchmarks: a batch of random numbers for every input and every output of a model, the same for the
// same model and batch. Inputs and normal targets are uniform in [0, 1), categorical targets one-hot rows.
// Thread rule: immutable once made.
#pragma once

#include <vector>

#include "graph/trial.hpp"

namespace settle {

template <class Scalar>
class SyntheticData final : public ClampSource<Scalar> {
 public:
  SyntheticData(const Graph& graph, std::int64_t batch);

  // A learning trial on the batch: all inputs and outputs clamped.
  const std::shared_ptr<const Trial>& trial() const noexcept { return trial_; }
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override;

 private:
  std::vector<Tensor<Scalar>> data_;  // by VertexId
  std::shared_ptr<const Trial> trial_;
};

}  // namespace settle
