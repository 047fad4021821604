#include "graph/families/layers.hpp"

namespace settle {

std::string cnn_source(const FamilyOptions& options) {
  using namespace families;
  const LayerList list = read_layers("cnn", options);
  for (const Layer& layer : list.layers)
    if (layer.kind == Layer::Kind::block)
      refuse_layers(options, "'" + layer.written + "': a cnn has no blocks; see the family residual");
  return layers_source("cnn", options, list);
}

}  // namespace settle
