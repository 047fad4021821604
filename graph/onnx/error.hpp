// Purpose: what an ONNX model holds but this importer cannot do: told apart from mistakes, because a caller may go on
// with other models. What is wrong with a model is BadData (bytes) or BadConfig (an impossible model).
// Thread rule: exceptions are values.
#pragma once

#include "graph/error.hpp"

namespace settle::onnx {

class Unsupported : public BadConfig {
 public:
  using BadConfig::BadConfig;
};

}  // namespace settle::onnx
