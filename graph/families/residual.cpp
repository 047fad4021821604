#include <algorithm>

#include "graph/families/layers.hpp"

namespace settle {

std::string residual_source(const FamilyOptions& options) {
  using namespace families;
  const LayerList list = read_layers("residual", options);
  if (std::ranges::none_of(list.layers, [](const Layer& layer) { return layer.kind == Layer::Kind::block; }))
    refuse_layers(options, "the family residual has a block, as in 784, 100, block 100, 10");
  return layers_source("residual", options, list);
}

}  // namespace settle
