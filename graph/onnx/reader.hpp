// Purpose: bytes of ONNX files (protobuf) as plain structs. The bytes may be anything: whatever they claim, no more
// memory is taken than a small multiple of their number.
// Caller: importer's users, onnx-test, the fuzz target. Thread rule: pure functions.
// Errors: BadData naming `origin` and what is wrong in it; Unsupported for data that lie outside the file, sparse
// tensors and functions of the model's own.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "graph/onnx/model.hpp"

namespace settle::onnx {

// A ModelProto.
Model parse_model(std::span<const std::byte> bytes, const std::string& origin);

// A TensorProto, such as an input_0.pb of an ONNX backend test.
Literal parse_tensor(std::span<const std::byte> bytes, const std::string& origin);

}  // namespace settle::onnx
