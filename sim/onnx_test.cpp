#include "sim/onnx_test.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <new>
#include <optional>
#include <vector>

#include "graph/onnx/error.hpp"
#include "graph/onnx/importer.hpp"
#include "graph/onnx/reader.hpp"
#include "graph/reference.hpp"
#include "sim/model.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

namespace fs = std::filesystem;

constexpr double kRelative = 1e-3;
constexpr double kAbsolute = 1e-5;

// PREFIX_0.pb, PREFIX_1.pb, ... as far as they are there.
std::vector<onnx::Literal> tensors_of(const fs::path& folder, const std::string& prefix) {
  std::vector<onnx::Literal> tensors;
  for (;;) {
    const fs::path file = folder / (prefix + "_" + std::to_string(tensors.size()) + ".pb");
    if (!fs::exists(file)) return tensors;
    tensors.push_back(onnx::parse_tensor(read_file(file), file.string()));
    if (!tensors.back().values)
      throw onnx::Unsupported(file.string() + ": a tensor of " + name_of(tensors.back().type));
  }
}

// The inputs of the data set by the names of the graph's; those with an initialiser come into question only where the
// data set has more than the others are.
std::vector<std::string> input_names(const onnx::Model& model, std::size_t count) {
  std::vector<std::string> names;
  for (const onnx::TensorInfo& input : model.inputs)
    if (std::ranges::find(model.initialisers, input.name, &onnx::Literal::name) == model.initialisers.end())
      names.push_back(input.name);
  if (count <= names.size()) return names;
  names.clear();
  for (const onnx::TensorInfo& input : model.inputs) names.push_back(input.name);
  if (count > names.size())
    throw BadData("there are " + std::to_string(count) + " input files for " + std::to_string(names.size()) +
                  " inputs of the model");
  return names;
}

template <class Scalar>
class InputData final : public ClampSource<Scalar> {
 public:
  InputData(const Graph& graph, const std::map<std::string, Tensor<double>>& data) : graph_(graph), data_(data) {}
  void read(VertexId vertex, std::span<const std::uint32_t>, Tensor<Scalar>& out) const override {
    std::ranges::transform(data_.at(graph_[vertex].name).flat(), out.data(),
                           [](double x) { return static_cast<Scalar>(x); });
  }

 private:
  const Graph& graph_;
  const std::map<std::string, Tensor<double>>& data_;
};

// The outputs' elements, in order.
template <class Scalar>
std::vector<Tensor<double>> forward(const onnx::Imported& imported, const std::map<std::string, Tensor<double>>& data) {
  std::vector<Tensor<double>> results;
  std::optional<Reference<Scalar>> reference;
  if (imported.graph) {
    const Graph& graph = *imported.graph;
    for (const VertexId input : graph.inputs())
      if (!data.contains(graph[input].name)) throw BadData("input '" + graph[input].name + "' has no file");
    reference.emplace(imported.graph, 0, OptimizerSettings{});
    Trial trial;
    trial.samples.resize(1);
    trial.clamped = clamp_set(graph, graph.inputs());
    trial.learn = LearnMode::none;
    reference->predict(trial, InputData<Scalar>(graph, data));
  }
  for (const onnx::ImportedOutput& output : imported.outputs) {
    if (!output.vertex) {
      results.push_back(output.constant);
      continue;
    }
    const Tensor<Scalar> value = reference->node(*output.vertex).prediction().copy();
    results.emplace_back(value.shape());
    std::ranges::transform(value.flat(), results.back().data(), [](Scalar x) { return static_cast<double>(x); });
  }
  return results;
}

bool close(double found, double expected) {
  if (std::isnan(expected) || std::isnan(found)) return std::isnan(expected) && std::isnan(found);
  if (std::isinf(expected) || std::isinf(found)) return found == expected;
  return std::abs(found - expected) <= kAbsolute + kRelative * std::abs(expected);
}

void compare(const onnx::ImportedOutput& output, const Tensor<double>& found, const onnx::Literal& expected) {
  const std::string name = "output '" + output.name + "'";
  if (output.type != expected.type)
    throw BadData(name + " is of " + name_of(output.type) + ", not " + name_of(expected.type));
  if (found.shape() != expected.values->shape())
    throw BadData(name + " has shape " + found.shape().to_string() + ", not " + expected.values->shape().to_string());
  for (std::size_t i = 0; i < found.flat().size(); ++i)
    if (!close(found.flat()[i], expected.values->flat()[i]))
      throw BadData(name + ": element " + std::to_string(i) + " is " + std::to_string(found.flat()[i]) + ", not " +
                    std::to_string(expected.values->flat()[i]));
}

bool all_float32(const onnx::Model& model) {
  const auto is_float32 = [](const onnx::TensorInfo& tensor) { return tensor.type == onnx::ElementType::float32; };
  return std::ranges::all_of(model.inputs, is_float32) && std::ranges::all_of(model.outputs, is_float32);
}

void run_data_set(const onnx::Model& model, const fs::path& folder) {
  const std::vector<onnx::Literal> inputs = tensors_of(folder, "input");
  const std::vector<onnx::Literal> expected = tensors_of(folder, "output");
  if (expected.size() != model.outputs.size())
    throw BadData(folder.string() + ": there are " + std::to_string(expected.size()) + " output files for " +
                  std::to_string(model.outputs.size()) + " outputs of the model");
  const std::vector<std::string> names = input_names(model, inputs.size());
  onnx::ImportOptions options;
  options.granularity = onnx::Granularity::op;
  for (std::size_t k = 0; k < inputs.size(); ++k) options.inputs[names[k]] = *inputs[k].values;
  const onnx::Imported imported = onnx::import_model(model, options);
  const auto found =
      all_float32(model) ? forward<float>(imported, options.inputs) : forward<double>(imported, options.inputs);
  for (std::size_t k = 0; k < expected.size(); ++k) compare(imported.outputs[k], found[k], expected[k]);
}

void require_tensors(const std::vector<onnx::TensorInfo>& list) {
  for (const onnx::TensorInfo& tensor : list)
    if (!is_numeric(tensor.type)) throw onnx::Unsupported("'" + tensor.name + "' is not a tensor of numbers");
}

void run_folder(const fs::path& folder) {
  const onnx::Model model = read_onnx(folder / "model.onnx");
  require_tensors(model.inputs);
  require_tensors(model.outputs);
  std::vector<fs::path> sets;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder))
    if (entry.path().filename().string().starts_with("test_data_set_")) sets.push_back(entry.path());
  if (sets.empty()) throw MissingInput(folder.string() + ": there is no test_data_set_0 in it");
  std::ranges::sort(sets);
  for (const fs::path& set : sets) run_data_set(model, set);
}

}  // namespace

OnnxTestOutcome run_onnx_test(const fs::path& folder) {
  using Kind = OnnxTestOutcome::Kind;
  try {
    run_folder(folder);
    return {};
  } catch (const onnx::Unsupported& error) {
    return {Kind::unsupported, error.what()};
  } catch (const std::bad_alloc&) {
    return {Kind::failed, "there is not enough memory for it"};
  } catch (const std::exception& error) {
    return {Kind::failed, error.what()};
  }
}

}  // namespace settle
