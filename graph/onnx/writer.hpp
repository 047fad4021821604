// Purpose: a Model in plain structs as the bytes of an ONNX file (a ModelProto). Caller: `settle convert`.
// Thread rule: pure. Requires: every name given, every literal numeric.
// Errors: BadConfig where the model would be larger than protobuf can hold (2 GB).
#pragma once

#include <string>

#include "graph/onnx/model.hpp"

namespace settle::onnx {

std::string write_model(const Model& model, const std::string& producer_version);

}  // namespace settle::onnx
