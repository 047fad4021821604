#include "sim/model.hpp"

#include <algorithm>

#include "graph/families/family.hpp"
#include "graph/language/language.hpp"

namespace settle {

std::string model_text(const GraphConfig& config) {
  if (config.family.empty()) return read_graph_text(config.file);
  return family_source(config.family, {config.layers, config.activation, config.output, config.readout, config.bias});
}

GraphPtr load_model(const GraphConfig& config) {
  std::vector<std::filesystem::path> files;
  return load_model(config, files);
}

GraphPtr load_model(const GraphConfig& config, std::vector<std::filesystem::path>& files) {
  files.clear();
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
