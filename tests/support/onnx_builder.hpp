// Purpose: ONNX models in plain structs, written in a line a node. Caller: tests. Thread rule: values.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "graph/onnx/model.hpp"

namespace settle::test {

inline onnx::Literal literal(const std::string& name, onnx::ElementType type, const Shape& shape,
                             std::vector<double> values) {
  return {name, type, std::make_shared<const Tensor<double>>(shape, values)};
}

inline onnx::Literal floats(const std::string& name, const Shape& shape, double first = 0.5) {
  std::vector<double> values(static_cast<std::size_t>(shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = first + 0.25 * static_cast<double>(i);
  return literal(name, onnx::ElementType::float32, shape, values);
}

inline onnx::Literal integers(const std::string& name, std::vector<double> values) {
  const Shape shape{static_cast<std::int64_t>(values.size())};
  return literal(name, onnx::ElementType::int64, shape, std::move(values));
}

// Input or output "name" with these extents; -1 stands open under the name "n".
inline onnx::TensorInfo tensor(const std::string& name, const std::vector<std::int64_t>& extents,
                               onnx::ElementType type = onnx::ElementType::float32) {
  onnx::TensorInfo info{name, type, std::vector<onnx::Dimension>()};
  for (const std::int64_t extent : extents) {
    onnx::Dimension dimension;
    if (extent >= 0)
      dimension.extent = extent;
    else
      dimension.symbol = "n";
    info.shape->push_back(dimension);
  }
  return info;
}

struct OnnxBuilder {
  onnx::Model model;

  OnnxBuilder() {
    model.origin = "test.onnx";
    model.opsets[""] = 13;
  }

  OnnxBuilder& opset(std::int64_t version) {
    model.opsets[""] = version;
    return *this;
  }
  OnnxBuilder& input(onnx::TensorInfo info) {
    model.inputs.push_back(std::move(info));
    return *this;
  }
  OnnxBuilder& output(const std::string& name) {
    model.outputs.push_back({name, onnx::ElementType::float32, std::nullopt});
    return *this;
  }
  OnnxBuilder& initialiser(onnx::Literal value) {
    model.initialisers.push_back(std::move(value));
    return *this;
  }
  OnnxBuilder& node(const std::string& op, std::vector<std::string> inputs, std::vector<std::string> outputs,
                    std::map<std::string, onnx::Attribute> attributes = {}) {
    model.nodes.push_back({"", op, "", std::move(inputs), std::move(outputs), std::move(attributes)});
    return *this;
  }
};

}  // namespace settle::test
