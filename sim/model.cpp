#include "sim/model.hpp"

#include "graph/families/family.hpp"
#include "graph/language/language.hpp"

namespace settle {

std::string model_text(const GraphConfig& config) {
  if (config.family.empty()) return read_graph_text(config.file);
  FamilyOptions family;
  family.layers = config.layers;
  family.activation = config.activation;
  family.output = config.output;
  return family_source(config.family, family);
}

GraphPtr load_model(const GraphConfig& config) {
  LanguageOptions options;
  options.init = parse_initializer(config.init, "graph.init");
  const std::string origin = config.family.empty() ? config.file.string() : "family " + config.family;
  return parse_graph(model_text(config), origin, options);
}

}  // namespace settle
