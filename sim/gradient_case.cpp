#include "sim/gradient_case.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "sim/file_name.hpp"
#include "sim/model.hpp"
#include "sim/npy.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

namespace fs = std::filesystem;

fs::path input_file(const fs::path& folder, const std::string& name) {
  return folder / ("input_" + file_part(name) + ".npy");
}

VertexId only_output(const Graph& graph) {
  if (graph.outputs().size() == 1) return graph.outputs().front();
  std::string names;
  for (const VertexId id : graph.outputs()) names += (names.empty() ? "" : ", ") + graph[id].name;
  throw BadConfig("the model has " + std::to_string(graph.outputs().size()) + " outputs (" + names +
                  "): a case has one target.npy; take a model with one childless vertex");
}

// The loss that is an output's energy.
struct Loss {
  std::string_view name;
  std::string_view energy;
  std::string_view vertex;  // in the language's words
  EnergyPtr (*make)();
};

constexpr Loss kLosses[] = {{"mse", "gaussian", "normal", gaussian},
                            {"xent", "categorical", "categorical", categorical},
                            {"bce", "bernoulli", "bernoulli", bernoulli}};

const Loss& loss_of(const fs::path& file) {
  const std::string text = read_text(file, "a case folder has a case.json like {\"loss\": \"mse\"}");
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) throw BadData(file.string() + ": this is not a JSON object");
  const auto given = json.find("loss");
  const auto loss = std::ranges::find_if(
      kLosses, [&](const Loss& each) { return given != json.end() && given->is_string() && *given == each.name; });
  if (loss == std::end(kLosses))
    throw BadData(file.string() + ": \"loss\" is " + (given == json.end() ? "missing" : given->dump()) +
                  "; it has to be \"mse\", \"xent\" or \"bce\"");
  return *loss;
}

void check_loss(const Vertex& output, const Loss& loss, const fs::path& file) {
  const std::string_view energy = output.energy->name();
  const Loss& right = *std::ranges::find(kLosses, energy, &Loss::energy);
  if (energy == loss.energy && output.precision_kind == PrecisionKind::uniform && output.precision == 1) return;
  throw BadConfig(file.string() + ": loss " + std::string(loss.name) + " does not fit the model's output '" +
                  output.name + "', which is " + std::string(right.vertex) +
                  (energy == loss.energy
                       ? " with another precision than 1: give it precision 1"
                       : ": take loss " + std::string(right.name) + ", or make it " + std::string(loss.vertex)));
}

}  // namespace

GraphPtr load_case_model(const GraphConfig& config, const fs::path& folder) {
  if (!is_onnx(config.file)) return load_model(config);
  const onnx::Model model = read_onnx(config.file);
  ModelData data;
  data.output_energy = loss_of(folder / "case.json").make();
  for (const onnx::TensorInfo& input : model.inputs) {
    const fs::path file = input_file(folder, input.name);
    std::error_code unreadable;
    if (fs::exists(file, unreadable)) data.inputs[input.name] = read_npy(file).to<double>();
  }
  return onnx_graph(model, config, data);
}

template <class Scalar>
GradientCase<Scalar>::GradientCase(GraphPtr graph, const fs::path& folder, State<Scalar> parameters)
    : graph_(std::move(graph)),
      data_(graph_->size()),
      file_shapes_(graph_->size()),
      parameters_(std::move(parameters)) {
  const VertexId output = only_output(*graph_);
  check_loss((*graph_)[output], loss_of(folder / "case.json"), folder / "case.json");
  for (const VertexId input : graph_->inputs()) load_data(input, input_file(folder, (*graph_)[input].name));
  load_data(output, folder / "target.npy");
  load_parameters(folder);
}

template <class Scalar>
void GradientCase<Scalar>::load_data(VertexId vertex, const fs::path& file) {
  const Shape& wanted = (*graph_)[vertex].shape;
  const std::string name = (*graph_)[vertex].name;
  Tensor<Scalar> array = read_npy(file).template to<Scalar>();
  file_shapes_[vertex] = array.shape();
  Shape shape = array.shape();
  if (wanted.batched() && shape == wanted.sample()) shape = wanted.with_batch(1);
  const bool fits =
      wanted.batched() ? shape.rank() == wanted.rank() && shape == wanted.with_batch(shape[0]) : shape == wanted;
  if (!fits || shape.size() == 0)
    throw BadData(file.string() + ": its shape is " + array.shape().to_string() + ", vertex '" + name + "' has " +
                  wanted.to_string());
  if (wanted.batched()) {
    if (batch_ != 0 && batch_ != shape[0])
      throw BadData(file.string() + ": it has " + std::to_string(shape[0]) + " samples, the arrays before have " +
                    std::to_string(batch_));
    batch_ = shape[0];
  }
  data_[vertex] = Tensor<Scalar>(shape, array.flat());
}

template <class Scalar>
void GradientCase<Scalar>::load_parameters(const fs::path& folder) {
  std::vector<std::string> without;
  std::vector<std::string> known;
  for (const Vertex& vertex : graph_->vertices()) {
    for (const ParameterSpec& spec : vertex.parameters) {
      known.push_back("param_" + file_part(spec.name) + ".npy");
      const fs::path file = folder / known.back();
      std::error_code unreadable;
      if (!fs::exists(file, unreadable)) {
        without.push_back(known.back());
        continue;
      }
      Tensor<Scalar> values = read_npy(file).template to<Scalar>();
      if (values.shape() != spec.shape)
        throw BadData(file.string() + ": its shape is " + values.shape().to_string() + ", parameter '" + spec.name +
                      "' has " + spec.shape.to_string());
      parameters_.insert_or_assign(spec.name, std::move(values));
    }
  }
  if (without.empty()) return;
  // A parameter without a file starts from the seed. Beside a file that no parameter has, that is a wrong name.
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("param_") || !name.ends_with(".npy") || std::ranges::find(known, name) != known.end())
      continue;
    const auto nearest = nearest_word(name, without);
    throw BadData(entry.path().string() + ": the model has no such parameter; " +
                  (nearest ? "did you mean " + *nearest + "?" : "it lacks " + without.front()));
  }
}

template <class Scalar>
GradientProblem<Scalar> GradientCase<Scalar>::problem() const {
  std::vector<VertexId> clamped;
  for (VertexId id = 0; id < data_.size(); ++id)
    if (data_[id].size() > 0) clamped.push_back(id);
  auto trial = std::make_shared<Trial>();
  trial->samples.resize(static_cast<std::size_t>(std::max<std::int64_t>(batch_, 1)));
  trial->clamped = clamp_set(*graph_, clamped);
  trial->learn = LearnMode::read_out;
  return {graph_, std::move(trial), parameters_};
}

template <class Scalar>
void GradientCase<Scalar>::read(VertexId vertex, std::span<const std::uint32_t>, Tensor<Scalar>& out) const {
  std::ranges::copy(data_[vertex].flat(), out.data());
}

template class GradientCase<float>;
template class GradientCase<double>;

}  // namespace settle
