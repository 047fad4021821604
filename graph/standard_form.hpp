// Purpose: how an operator says what it is in the words of a public standard, so that a trained model can leave this
// program: nodes of ONNX's operator set 17. An operator (Op::standard_form) writes one node, or the few that make it
// up, and returns the name of its result; whoever implements the writer gives names and collects the nodes.
// Shapes may carry the symbolic batch: a node that must state extents states 0 there ("as in the input", Reshape) or 1
// (broadcasting); axes are counted from the end, as ONNX allows.
// Caller: the ONNX export. Thread rule: one owner.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "graph/tensor.hpp"

namespace settle {

struct Program;

struct StandardAttribute {
  std::string name;
  std::variant<std::int64_t, double, std::vector<std::int64_t>, std::string> value;
};

// An input: its name among the written ones, and its shape.
struct StandardValue {
  std::string name;
  Shape shape;
};

class StandardWriter {
 public:
  virtual ~StandardWriter() = default;
  // Adds a node with one result and returns the result's name. An empty input name stands for an optional input that is
  // not given.
  virtual std::string node(std::string_view op, const std::vector<std::string>& inputs,
                           const std::vector<StandardAttribute>& attributes = {}) = 0;
  // A constant of one axis of whole numbers, as ONNX wants axes and extents.
  virtual std::string integers(const std::vector<std::int64_t>& values) = 0;
  // A constant without axes: a whole number.
  virtual std::string integer(std::int64_t value) = 0;
  // A constant of the model's element type.
  virtual std::string tensor(const Tensor<double>& values) = 0;
  std::string number(double value) { return tensor(Tensor<double>(Shape{}, std::span(&value, 1))); }
};

// Writes the instructions of `program` that its location is made from, whose parents and parameters, in the order of
// their registers, have these names, and returns the name of its result. Errors: BadConfig from Op::standard_form.
std::string standard_form(const Program& program, std::vector<std::string> names, StandardWriter& writer);

}  // namespace settle
