#include "sim/session/binding.hpp"

#include <optional>

#include "graph/error.hpp"

namespace settle {
namespace {

// How many samples a vertex of fixed extents holds; none where it takes any number.
std::optional<std::uint32_t> fixed_batch(const Vertex& vertex, std::size_t axis, const std::string& what) {
  if (vertex.shape.batched()) return std::nullopt;
  if (axis >= vertex.shape.rank() || vertex.shape[axis] < 1)
    throw BadConfig(what + " '" + vertex.name + "' of shape " + vertex.shape.to_string() + " has no axis " +
                    std::to_string(axis) + " to hold samples along: see data.batch_axis");
  return static_cast<std::uint32_t>(vertex.shape[axis]);
}

std::vector<VertexId> match(const Graph& graph, std::span<const VertexId> vertices, std::span<const ColumnPtr> columns,
                            const std::string& what, std::size_t batch_axis) {
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
    if (vertex.shape.size() != sample.size() * fixed_batch(vertex, batch_axis, what).value_or(1))
      throw BadConfig(what + " '" + vertex.name + "' has shape " + vertex.shape.to_string() +
                      ", the dataset gives samples of shape " + sample.to_string() + ": change the model's " + what +
                      " to as many numbers");
  }
  return {vertices.begin(), vertices.end()};
}

BatchLayout layout_of(const Graph& graph, std::span<const VertexId> clamped, std::size_t batch_axis) {
  BatchLayout layout{fixed_batch(graph[clamped.front()], batch_axis, "input"), batch_axis};
  if (!layout.fixed) layout.axis = 0;
  for (const VertexId id : clamped) {
    if (fixed_batch(graph[id], batch_axis, "vertex") == layout.fixed) continue;
    throw BadConfig("'" + graph[clamped.front()].name + "' has shape " + graph[clamped.front()].shape.to_string() +
                    ", '" + graph[id].name + "' has shape " + graph[id].shape.to_string() + ": along axis " +
                    std::to_string(batch_axis) + " (data.batch_axis) all inputs and outputs hold the same samples");
  }
  return layout;
}

const Split& split_of(const Dataset& data, std::uint32_t number) {
  for (const Split* split : {&data.test, &data.validation})
    if (split->size() > 0 && number >= first_number(data, *split)) return *split;
  return data.train;
}

}  // namespace

Binding bind(const Graph& graph, const Split& split, std::size_t batch_axis) {
  Binding binding;
  binding.inputs = match(graph, graph.inputs(), split.inputs(), "input", batch_axis);
  binding.targets = match(graph, graph.outputs(), split.targets(), "output", batch_axis);
  std::vector<VertexId> all = binding.inputs;
  all.insert(all.end(), binding.targets.begin(), binding.targets.end());
  binding.clamped = clamp_set(graph, all);
  binding.layout = layout_of(graph, all, batch_axis);
  return binding;
}

template <class Scalar>
DatasetSource<Scalar>::DatasetSource(const Graph& graph, const Binding& binding, const Dataset& data)
    : places_(graph.size()), batch_axis_(binding.layout.axis), data_(data) {
  for (std::size_t k = 0; k < binding.inputs.size(); ++k) places_[binding.inputs[k]] = {false, k};
  for (std::size_t k = 0; k < binding.targets.size(); ++k) places_[binding.targets[k]] = {true, k};
}

template <class Scalar>
void DatasetSource<Scalar>::read(VertexId vertex, std::span<const std::uint32_t> numbers, Tensor<Scalar>& out) const {
  const Place& place = places_[vertex];
  const Split& split = split_of(data_, numbers.front());
  std::vector<std::uint32_t> samples(numbers.begin(), numbers.end());
  for (const std::uint32_t first = first_number(data_, split); std::uint32_t & sample : samples) sample -= first;
  const auto read_into = [&](View<Scalar> rows) {
    if (place.target)
      split.read_target(place.column, SampleIndices(samples), rows);
    else
      split.read_input(place.column, SampleIndices(samples), rows);
  };
  if (batch_axis_ == 0) return read_into(out.view());
  Tensor<Scalar> rows(out.shape());
  read_into(rows.view());
  from_batch_first(std::as_const(rows).view(), batch_axis_, out.view());
}

template class DatasetSource<float>;
template class DatasetSource<double>;

}  // namespace settle
