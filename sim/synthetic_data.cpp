#include "sim/synthetic_data.hpp"

#include <memory>

#include "graph/random.hpp"
#include "sim/datasets/columns.hpp"

namespace settle {
namespace {

ColumnPtr column_of(const Vertex& vertex, std::uint64_t seed, std::uint32_t samples) {
  const Tensor<double> values = synthetic_values<double>(vertex, seed, samples);
  const std::int64_t each = values.size() / samples;
  return std::make_shared<RealColumn<double>>(Shape{each}, Tensor<double>(Shape{samples, each}, values.flat()),
                                              Normalisations{{}});
}

}  // namespace

template <class Scalar>
Tensor<Scalar> synthetic_values(const Vertex& vertex, std::uint64_t seed, std::int64_t batch) {
  RandomStream stream(seed, vertex.name, "synthetic data");
  Tensor<Scalar> tensor(vertex.shape.with_batch(batch));
  const auto values = tensor.flat();
  if (!vertex.energy || vertex.energy->name() != "categorical") {
    for (Scalar& each : values) each = static_cast<Scalar>(stream.uniform());
    return tensor;
  }
  const auto classes = static_cast<std::size_t>(tensor.shape()[tensor.shape().rank() - 1]);
  for (std::size_t row = 0; row < values.size(); row += classes) values[row + stream.below(classes)] = Scalar(1);
  return tensor;
}

Dataset synthetic_dataset(const Graph& graph, std::uint64_t seed, std::uint32_t samples) {
  std::vector<ColumnPtr> inputs;
  std::vector<ColumnPtr> targets;
  for (const VertexId id : graph.inputs()) inputs.push_back(column_of(graph[id], seed, samples));
  for (const VertexId id : graph.outputs()) targets.push_back(column_of(graph[id], seed, samples));
  Dataset dataset;
  dataset.train = Split(std::move(inputs), std::move(targets), nullptr, samples);
  return dataset;
}

template Tensor<float> synthetic_values(const Vertex&, std::uint64_t, std::int64_t);
template Tensor<double> synthetic_values(const Vertex&, std::uint64_t, std::int64_t);

}  // namespace settle
