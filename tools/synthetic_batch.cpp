#include "tools/synthetic_data.hpp"

#include "graph/random.hpp"

namespace settle {
namespace {

template <class Scalar>
void fill_uniform(RandomStream& stream, Tensor<Scalar>& tensor) {
  for (Scalar& element : tensor.flat()) element = static_cast<Scalar>(stream.uniform());
}

template <class Scalar>
void fill_one_hot(RandomStream& stream, Tensor<Scalar>& tensor) {
  const auto classes = static_cast<std::size_t>(tensor.shape()[tensor.shape().rank() - 1]);
  const auto values = tensor.flat();
  for (std::size_t row = 0; row < values.size(); row += classes) values[row + stream.below(classes)] = Scalar(1);
}

}  // namespace

template <class Scalar>
SyntheticData<Scalar>::SyntheticData(const Graph& graph, std::int64_t batch) : data_(graph.size()) {
  std::vector<VertexId> clamped(graph.inputs().begin(), graph.inputs().end());
  clamped.insert(clamped.end(), graph.outputs().begin(), graph.outputs().end());
  for (const VertexId id : clamped) {
    RandomStream stream(1, graph[id].name, "synthetic data");
    data_[id] = Tensor<Scalar>(graph[id].shape.with_batch(batch));
    if (graph[id].energy && graph[id].energy->name() == "categorical")
      fill_one_hot(stream, data_[id]);
    else
      fill_uniform(stream, data_[id]);
  }
  auto trial = std::make_shared<Trial>();
  trial->samples.resize(static_cast<std::size_t>(batch));
  trial->clamped = clamp_set(graph, clamped);
  trial_ = std::move(trial);
}

template <class Scalar>
void SyntheticData<Scalar>::read(VertexId vertex, std::span<const std::uint32_t>, Tensor<Scalar>& out) const {
  std::ranges::copy(data_[vertex].flat(), out.data());
}

template class SyntheticData<float>;
template class SyntheticData<double>;

}  // namespace settle
