#include <cstdio>
#include <filesystem>
#include <map>

#include "graph/error.hpp"
#include "graph/onnx/exporter.hpp"
#include "graph/onnx/writer.hpp"
#include "sim/atomic_file.hpp"
#include "sim/initial_parameters.hpp"
#include "sim/model.hpp"
#include "sim/npz.hpp"
#include "sim/session/saved_run.hpp"
#include "tools/model_choice.hpp"
#include "tools/relax_options.hpp"
#include "tools/run_of_directory.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    kSeed,
    {"scalar", "S", "float32 or float64 (default: the run's, or float32)"},
    {"force", "", "let B be replaced where it is there"},
};

constexpr std::string_view kDetails =
    "A is a RUN_DIR (its model with the parameters of the newest checkpoint), a model (.graph, .onnx) or a CONFIG "
    "that\n"
    "names one (with first parameters). B ends in .onnx (model and parameters, operator set 17: what an output vertex "
    "is\n"
    "predicted with, logits where it is categorical) or in .npz (the parameters by name, for numpy).\n\n"
    "  settle convert runs/fashion_mlp fashion.onnx\n"
    "  settle convert runs/fashion_mlp parameters.npz\n"
    "  settle convert model.graph model.onnx --seed 7\n";

using Parameters = std::map<std::string, Tensor<double>>;

struct Source {
  GraphPtr graph;
  Parameters parameters;
  bool float64 = false;
};

template <class To, class From>
Tensor<To> converted(const Tensor<From>& from) {
  Tensor<To> to(from.shape());
  std::ranges::transform(from.flat(), to.data(), [](From x) { return static_cast<To>(x); });
  return to;
}

template <class Scalar>
Parameters saved_parameters(const RunConfig& config, const Graph& graph) {
  const Checkpoint<Scalar> saved = newest_checkpoint<Scalar>(config, "convert");
  Parameters parameters;
  for (const Vertex& vertex : graph.vertices())
    for (const ParameterSpec& spec : vertex.parameters) {
      const auto found = saved.tensors.find(spec.name);
      if (found == saved.tensors.end() || found->second.shape() != spec.shape)
        throw BadData(config.run.directory.string() + "/checkpoints: the newest has no parameter '" + spec.name +
                      "' of shape " + spec.shape.to_string() + ", which the model has: the model file has changed");
      parameters.emplace(spec.name, converted<double>(found->second));
    }
  return parameters;
}

Source source_of(const Options& options) {
  const std::filesystem::path from = options.words()[0];
  Source source;
  if (std::filesystem::is_directory(from)) {
    const RunConfig config = config_of_run(from, {});
    const RuleChoice choice = rule_choice(config);
    source.graph = model_to_learn(load_model(config.graph), choice);
    const GraphPtr run = model_to_run(source.graph, choice);  // has all parameters
    source.float64 = config.run.scalar == RunSectionConfig::Scalar::float64;
    source.parameters = source.float64 ? saved_parameters<double>(config, *run) : saved_parameters<float>(config, *run);
    return source;
  }
  const GraphConfig model = model_of_file(from, options).graph;
  source.graph = load_model(model);
  if (!model.parameters.empty()) {
    source.parameters = read_initial_parameters<double>(*source.graph, model.parameters);
    return source;
  }
  const auto seed = static_cast<std::uint64_t>(options.whole("seed", 0).value_or(1));
  for (const Vertex& vertex : source.graph->vertices())
    for (const ParameterSpec& spec : vertex.parameters)
      source.parameters.emplace(spec.name, initial_values(spec, seed));
  return source;
}

template <class Scalar>
void write_parameters(const std::filesystem::path& file, const Parameters& parameters) {
  std::map<std::string, Tensor<Scalar>> tensors;
  NamedViews<Scalar> views;
  for (const auto& [name, values] : parameters)
    views.emplace(name, tensors.emplace(name, converted<Scalar>(values)).first->second.view());
  write_npz(file, views);
}

int convert(const Arguments& arguments) {
  const Options options(arguments);
  if (options.words().size() != 2) options.fail("takes A and B: what to convert, and the file to write");
  const std::filesystem::path to = options.words()[1];
  if (to.extension() != ".onnx" && to.extension() != ".npz")
    options.fail(to.string() + ": a name that ends in .onnx or .npz says what to write");
  std::error_code unknown;
  if (!options.has("force") && std::filesystem::exists(to, unknown))
    throw CannotCreate(to.string() + ": there is a file already; take another name, or give --force to replace it");
  Source source = source_of(options);
  static constexpr std::string_view scalars[] = {"float32", "float64"};
  if (const auto scalar = options.choice("scalar", scalars)) source.float64 = *scalar == 1;
  if (to.extension() == ".npz") {
    source.float64 ? write_parameters<double>(to, source.parameters) : write_parameters<float>(to, source.parameters);
  } else {
    const onnx::Model model =
        onnx::export_model(*source.graph, {source.float64 ? onnx::ElementType::float64 : onnx::ElementType::float32,
                                           [&](const ParameterSpec& spec) { return source.parameters.at(spec.name); }});
    write_file_atomically(to, onnx::write_model(model, SETTLE_VERSION));
  }
  std::fprintf(stderr, "wrote %s: %zu vertices, %lld parameters\n", to.c_str(), source.graph->size(),
               static_cast<long long>(source.graph->parameter_count()));
  return 0;
}

}  // namespace

extern const Command kConvertCommand = {
    "convert",
    "A B [--scalar S] [--force]",
    "a trained model as ONNX, or its parameters as numpy arrays",
    kOptions,
    kDetails,
    convert,
};

}  // namespace settle
