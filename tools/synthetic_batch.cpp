#include "tools/synthetic_batch.hpp"

#include "sim/synthetic_data.hpp"

namespace settle {

template <class Scalar>
SyntheticBatch<Scalar>::SyntheticBatch(const Graph& graph, std::int64_t batch) : data_(graph.size()) {
  std::vector<VertexId> clamped(graph.inputs().begin(), graph.inputs().end());
  clamped.insert(clamped.end(), graph.outputs().begin(), graph.outputs().end());
  for (const VertexId id : clamped) data_[id] = synthetic_values<Scalar>(graph[id], 1, batch);
  auto trial = std::make_shared<Trial>();
  trial->samples.resize(static_cast<std::size_t>(batch));
  trial->clamped = clamp_set(graph, clamped);
  trial_ = std::move(trial);
}

template <class Scalar>
void SyntheticBatch<Scalar>::read(VertexId vertex, std::span<const std::uint32_t>, Tensor<Scalar>& out) const {
  std::ranges::copy(data_[vertex].flat(), out.data());
}

template class SyntheticBatch<float>;
template class SyntheticBatch<double>;

}  // namespace settle
