// Purpose: one TensorProto as a Literal. Caller: reader.cpp only: with it the one place that knows ONNX's generated
// code. Thread rule: pure. Errors: as graph/onnx/reader.hpp; `what` names the tensor.
#pragma once

#include <onnx/onnx_pb.h>

#include <string>

#include "graph/onnx/model.hpp"

namespace settle::onnx {

Literal literal_of(const ::onnx::TensorProto& tensor, const std::string& what);

// `text`, which must be UTF-8 without control characters: names end up in messages, files and JSON. Errors: BadData.
std::string checked_text(const std::string& text, const std::string& what);

}  // namespace settle::onnx
