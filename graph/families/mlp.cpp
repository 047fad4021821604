#include "graph/families/layers.hpp"

namespace settle {

std::string mlp_source(const FamilyOptions& options) {
  using namespace families;
  const LayerList list = read_layers("mlp", options);
  for (const Layer& layer : list.layers)
    if (layer.kind != Layer::Kind::linear)
      refuse_layers(options,
                    "'" + layer.written + "': an mlp has layers of units only; see the families cnn, residual");
  return layers_source("mlp", options, list);
}

}  // namespace settle
