// Purpose: which nodes of a model count, and who uses each tensor, before anything is imported.
// Caller: importer. Thread rule: pure.
// Errors: BadConfig naming node and tensor where a tensor is defined twice or by nobody, or a node stands before what
// it uses (ONNX demands that order, so this is also how a cycle shows).
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "graph/onnx/model.hpp"

namespace settle::onnx {

struct Uses {
  std::vector<const NodeSpec*> nodes;  // one entry per use, in the file's order
  bool output = false;                 // of the graph
};

struct Survey {
  std::vector<const NodeSpec*> nodes;  // those that outputs need, in the file's order
  std::unordered_map<std::string, Uses> uses;
};

// The model must outlive the survey.
Survey survey(const Model& model);

// How messages call a node: "node '/conv' (Conv, opset 13)".
std::string place_of(const Model& model, const NodeSpec& node);

}  // namespace settle::onnx
