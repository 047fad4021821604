// Purpose: data for benchmarks: one batch of sim/synthetic_data.hpp, the same for the same model and batch size, as a
// trial. Thread rule: immutable once made.
#pragma once

#include <vector>

#include "graph/trial.hpp"

namespace settle {

template <class Scalar>
class SyntheticBatch final : public ClampSource<Scalar> {
 public:
  SyntheticBatch(const Graph& graph, std::int64_t batch);

  // A learning trial on the batch: all inputs and outputs clamped.
  const std::shared_ptr<const Trial>& trial() const noexcept { return trial_; }
  void read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const override;

 private:
  std::vector<Tensor<Scalar>> data_;  // by VertexId
  std::shared_ptr<const Trial> trial_;
};

}  // namespace settle
