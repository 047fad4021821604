#include "sim/initial_parameters.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "sim/npz.hpp"

namespace settle {
namespace {

std::vector<const ParameterSpec*> parameters_of(const Graph& graph) {
  std::vector<const ParameterSpec*> all;
  for (const Vertex& vertex : graph.vertices())
    for (const ParameterSpec& spec : vertex.parameters) all.push_back(&spec);
  return all;
}

}  // namespace

template <class Scalar>
State<Scalar> read_initial_parameters(const Graph& graph, const std::filesystem::path& file) {
  const NpzReader reader(file);
  const std::vector<const ParameterSpec*> specs = parameters_of(graph);
  State<Scalar> parameters;
  std::string mistakes;
  std::vector<std::string> lacking;
  for (const ParameterSpec* spec : specs) {
    if (std::ranges::find(reader.names(), spec->name) == reader.names().end()) {
      lacking.push_back(spec->name);
      mistakes += "\n  lacks '" + spec->name + "', " + spec->shape.to_string();
      continue;
    }
    Tensor<Scalar> values = reader.read(spec->name).template to<Scalar>();
    if (values.shape() != spec->shape)
      mistakes +=
          "\n  '" + spec->name + "' is " + values.shape().to_string() + ", the model's is " + spec->shape.to_string();
    parameters.emplace(spec->name, std::move(values));
  }
  for (const std::string& name : reader.names()) {
    if (parameters.contains(name)) continue;
    const auto nearest = nearest_word(name, lacking);
    mistakes +=
        "\n  '" + name + "' is no parameter of the model" + (nearest ? "; did you mean '" + *nearest + "'?" : "");
  }
  if (!mistakes.empty())
    throw BadData(file.string() +
                  ": graph.parameters must hold each parameter of the model, and nothing else:" + mistakes);
  return parameters;
}

template State<float> read_initial_parameters(const Graph&, const std::filesystem::path&);
template State<double> read_initial_parameters(const Graph&, const std::filesystem::path&);

}  // namespace settle
