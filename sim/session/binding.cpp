#include "sim/session/binding.hpp"

#include "graph/error.hpp"

namespace settle {
namespace {

std::vector<VertexId> match(const Graph& graph, std::span<const VertexId> vertices, std::span<const ColumnPtr> columns,
                            const std::string& what) {
  const auto names = [&] {
    std::string text;
    for (const VertexId id : vertices) text += (text.empty() ? "" : ", ") + graph[id].name;
    return text;
  };
  if (vertices.size() != columns.size())
    throw BadConfig("the model has " + std::to_string(vertices.size()) + " " + what + "s (" + names() +
                    "), the dataset gives " + std::to_string(columns.size()) + ": they are matched in order");
  for (std::size_t k = 0; k < vertices.size(); ++k) {
    const Vertex& vertex = graph[vertices[k]];
    const Shape& sample = columns[k]->sample_shape();
    if (!vertex.shape.batched() || vertex.shape.size() != sample.size())
      throw BadConfig(what + " '" + vertex.name + "' has shape " + vertex.shape.to_string() +
                      ", the dataset gives samples of shape " + sample.to_string() + ": change the model's " + what +
                      " to as many numbers");
  }
  return {vertices.begin(), vertices.end()};
}

}  // namespace

Binding bind(const Graph& graph, const Split& split) {
  Binding binding;
  binding.inputs = match(graph, graph.inputs(), split.inputs(), "input");
  binding.targets = match(graph, graph.outputs(), split.targets(), "output");
  std::vector<VertexId> all = binding.inputs;
  all.insert(all.end(), binding.targets.begin(), binding.targets.end());
  binding.clamped = clamp_set(graph, all);
  return binding;
}

template <class Scalar>
SplitSource<Scalar>::SplitSource(const Graph& graph, const Binding& binding) : places_(graph.size()) {
  for (std::size_t k = 0; k < binding.inputs.size(); ++k) places_[binding.inputs[k]] = {false, k};
  for (std::size_t k = 0; k < binding.targets.size(); ++k) places_[binding.targets[k]] = {true, k};
}

template <class Scalar>
void SplitSource<Scalar>::read(VertexId vertex, std::span<const std::uint32_t> samples, Tensor<Scalar>& out) const {
  const Place& place = places_[vertex];
  if (place.target)
    split_->read_target(place.column, samples, out.view());
  else
    split_->read_input(place.column, samples, out.view());
}

template class SplitSource<float>;
template class SplitSource<double>;

}  // namespace settle
