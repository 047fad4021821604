#include "sim/model.hpp"

#include <algorithm>

#include "graph/error.hpp"
#include "graph/families/family.hpp"
#include "graph/language/language.hpp"
#include "graph/onnx/importer.hpp"
#include "graph/onnx/reader.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

onnx::Granularity granularity_of(const std::string& word) {
  if (word == "op") return onnx::Granularity::op;
  return word == "all" ? onnx::Granularity::all : onnx::Granularity::layer;
}

}  // namespace

GraphPtr onnx_graph(const onnx::Model& model, const GraphConfig& config, const ModelData& data) {
  if (config.init != "default")
    throw BadConfig(config.file.string() + ": an ONNX model brings its first parameters; leave graph.init out");
  onnx::ImportOptions options;
  options.granularity = granularity_of(config.granularity);
  options.output_energy = data.output_energy;
  options.inputs = data.inputs;
  options.batch = data.batch;
  options.batch_axis = data.batch_axis;
  GraphPtr graph = onnx::import_model(model, options).graph;
  if (!graph)
    throw BadConfig(config.file.string() +
                    ": no output depends on inputs of floating type or on parameters: there is " +
                    "nothing to compute");
  return graph;
}

bool is_onnx(const std::filesystem::path& file) { return file.extension() == ".onnx"; }

onnx::Model read_onnx(const std::filesystem::path& file) {
  return onnx::parse_model(read_file(file, "give the path of an .onnx file"), file.string());
}

std::string model_text(const GraphConfig& config) {
  if (is_onnx(config.file)) throw BadConfig(config.file.string() + ": an ONNX model has no text in the graph language");
  if (config.family.empty()) return read_graph_text(config.file);
  return family_source(config.family, {config.layers, config.activation, config.output, config.readout,
                                       config.mask.value_or(false), config.bias, config.tile});
}

GraphPtr load_model(const GraphConfig& config, const ModelData& data) {
  std::vector<std::filesystem::path> files;
  return load_model(config, files, data);
}

GraphPtr load_model(const GraphConfig& config, std::vector<std::filesystem::path>& files, const ModelData& data) {
  files.clear();
  if (is_onnx(config.file)) {
    files.push_back(config.file);
    return onnx_graph(read_onnx(config.file), config, data);
  }
  LanguageOptions options;
  options.init = parse_initializer(config.init, "graph.init");
  if (!config.family.empty()) return parse_graph(model_text(config), "family " + config.family, options);
  files.push_back(config.file);
  options.include = [&](const std::string& including, const std::string& path) {
    IncludedText included = read_included(including, path);
    if (std::ranges::find(files, std::filesystem::path(included.file_name)) == files.end())
      files.emplace_back(included.file_name);
    return included;
  };
  return load_graph(config.file, options);
}

}  // namespace settle
