// Purpose: the families whose layers follow each other (mlp, cnn, residual): their list of layers, and the text that it
// stands for.
//
//   3x32x32, conv 6 5 relu, maxpool 2, conv 16 5 stride 2 pad same, avgpool 2, 200 relu, block 200, 10
//
// The first item is the extents of a sample, the last a number of units. UNITS is a linear layer over all that comes
// before. `conv CHANNELS KERNEL`, `maxpool KERNEL` and `avgpool KERNEL` are over the axes behind the first; a kernel is
// a number or one an axis, 3x5; `stride N` and, for conv, `pad N` or `pad same` may follow. `block UNITS`, behind
// convolutions `block CHANNELS KERNEL` with `stride N`, is two layers and a connection around them. Layers other than
// pools may end with the name of their activation.
// Errors: BadConfig naming the list, the item and what it may be. Thread rule: pure.
#pragma once

#include "graph/families/options.hpp"

namespace settle::families {

struct Layer {
  enum class Kind { linear, conv, max_pool, average_pool, block };
  Kind kind = Kind::linear;
  std::int64_t units = 0;  // or channels
  std::vector<std::int64_t> kernel;
  std::string stride;  // ", stride=2", or ""
  std::string pad;     // ", pad=same", or ""
  std::string activation;
  std::string written;
};

struct LayerList {
  std::vector<std::int64_t> sample;
  std::vector<Layer> layers;
};

LayerList read_layers(std::string_view family, const FamilyOptions& options);

// The whole text, whatever kinds of layers there are.
std::string layers_source(std::string_view family, const FamilyOptions& options, const LayerList& list);

}  // namespace settle::families
