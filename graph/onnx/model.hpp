// Purpose: an ONNX model in plain structs, as the reader has checked it: numbers are in range, tensors have as many
// elements as their shape says, names are printable text. What the model means is the importer's business.
// Caller: reader (makes it), importer (reads it), onnx-test. Thread rule: value types.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "graph/onnx/element_type.hpp"
#include "graph/tensor.hpp"

namespace settle::onnx {

// A tensor written in the file. No values where the type is not numeric.
struct Literal {
  std::string name;
  ElementType type = ElementType::undefined;
  std::shared_ptr<const Tensor<double>> values;
};

// An attribute of a kind that no operator here reads (a sub-graph, a sparse tensor, ...).
struct OtherAttribute {
  std::string kind;
};

using Attribute = std::variant<double, std::int64_t, std::string, Literal, std::vector<double>,
                               std::vector<std::int64_t>, std::vector<std::string>, OtherAttribute>;

struct NodeSpec {
  std::string name;  // may be empty
  std::string op;
  std::string domain;                // empty: ONNX's own
  std::vector<std::string> inputs;   // tensor names; empty: left out
  std::vector<std::string> outputs;  // tensor names; empty: not wanted
  std::map<std::string, Attribute> attributes;
};

// An extent that is a number, or stands open under a name (which may be empty).
struct Dimension {
  std::optional<std::int64_t> extent;
  std::string symbol;
};

struct TensorInfo {
  std::string name;
  ElementType type = ElementType::undefined;  // undefined: not a tensor, or of a type that ONNX does not know
  std::optional<std::vector<Dimension>> shape;
};

struct Model {
  std::string origin;  // the file, for messages
  std::int64_t ir_version = 0;
  std::map<std::string, std::int64_t> opsets;  // by domain; "" is ONNX's own
  std::vector<NodeSpec> nodes;                 // in the file's order
  std::vector<Literal> initialisers;
  std::vector<TensorInfo> inputs;  // may repeat initialisers
  std::vector<TensorInfo> outputs;
};

}  // namespace settle::onnx
