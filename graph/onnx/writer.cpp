#include "graph/onnx/writer.hpp"

#include <onnx/onnx_pb.h>

#include <cstring>
#include <limits>

#include "graph/error.hpp"

namespace settle::onnx {
namespace {

template <class Element>
void set_raw(const Tensor<double>& values, ::onnx::TensorProto& proto) {
  std::string& raw = *proto.mutable_raw_data();
  raw.resize(static_cast<std::size_t>(values.size()) * sizeof(Element));
  char* place = raw.data();
  for (const double value : values.flat()) {
    const auto element = static_cast<Element>(value);
    std::memcpy(place, &element, sizeof element);
    place += sizeof element;
  }
}

void set(const Literal& literal, ::onnx::TensorProto& proto) {
  proto.set_name(literal.name);
  proto.set_data_type(static_cast<std::int32_t>(literal.type));
  for (const std::int64_t extent : literal.values->shape().extents()) proto.add_dims(extent);
  if (literal.type == ElementType::float32) return set_raw<float>(*literal.values, proto);
  if (literal.type == ElementType::float64) return set_raw<double>(*literal.values, proto);
  // No whole number beyond 2^53 but the largest of all, which means "to the end", is ever written.
  for (const double value : literal.values->flat())
    proto.add_int64_data(value >= 0x1p63 ? std::numeric_limits<std::int64_t>::max() : static_cast<std::int64_t>(value));
}

// One overload for each kind of attribute.
struct SetAttribute {
  ::onnx::AttributeProto& proto;

  void operator()(double value) const {
    proto.set_type(::onnx::AttributeProto::FLOAT);
    proto.set_f(static_cast<float>(value));
  }
  void operator()(std::int64_t value) const {
    proto.set_type(::onnx::AttributeProto::INT);
    proto.set_i(value);
  }
  void operator()(const std::string& value) const {
    proto.set_type(::onnx::AttributeProto::STRING);
    proto.set_s(value);
  }
  void operator()(const Literal& value) const {
    proto.set_type(::onnx::AttributeProto::TENSOR);
    set(value, *proto.mutable_t());
  }
  void operator()(const std::vector<double>& values) const {
    proto.set_type(::onnx::AttributeProto::FLOATS);
    for (const double value : values) proto.add_floats(static_cast<float>(value));
  }
  void operator()(const std::vector<std::int64_t>& values) const {
    proto.set_type(::onnx::AttributeProto::INTS);
    for (const std::int64_t value : values) proto.add_ints(value);
  }
  void operator()(const std::vector<std::string>& values) const {
    proto.set_type(::onnx::AttributeProto::STRINGS);
    for (const std::string& value : values) proto.add_strings(value);
  }
  void operator()(const OtherAttribute& other) const {
    throw BadConfig("an attribute of kind " + other.kind + " cannot be written");
  }
};

void set(const TensorInfo& info, ::onnx::ValueInfoProto& proto) {
  proto.set_name(info.name);
  auto& type = *proto.mutable_type()->mutable_tensor_type();
  type.set_elem_type(static_cast<std::int32_t>(info.type));
  if (!info.shape) return;
  auto& shape = *type.mutable_shape();
  for (const Dimension& dimension : *info.shape) {
    auto& place = *shape.add_dim();
    if (dimension.extent)
      place.set_dim_value(*dimension.extent);
    else
      place.set_dim_param(dimension.symbol);
  }
}

void set(const NodeSpec& node, ::onnx::NodeProto& proto) {
  proto.set_name(node.name);
  proto.set_op_type(node.op);
  proto.set_domain(node.domain);
  for (const std::string& input : node.inputs) proto.add_input(input);
  for (const std::string& output : node.outputs) proto.add_output(output);
  for (const auto& [name, value] : node.attributes) {
    auto& attribute = *proto.add_attribute();
    attribute.set_name(name);
    std::visit(SetAttribute{attribute}, value);
  }
}

}  // namespace

std::string write_model(const Model& model, const std::string& producer_version) {
  ::onnx::ModelProto proto;
  proto.set_ir_version(model.ir_version);
  proto.set_producer_name("settle");
  proto.set_producer_version(producer_version);
  for (const auto& [domain, version] : model.opsets) {
    auto& opset = *proto.add_opset_import();
    opset.set_domain(domain);
    opset.set_version(version);
  }
  auto& graph = *proto.mutable_graph();
  graph.set_name("settle");
  for (const NodeSpec& node : model.nodes) set(node, *graph.add_node());
  for (const Literal& literal : model.initialisers) set(literal, *graph.add_initializer());
  for (const TensorInfo& info : model.inputs) set(info, *graph.add_input());
  for (const TensorInfo& info : model.outputs) set(info, *graph.add_output());
  std::string bytes;
  if (proto.ByteSizeLong() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      !proto.SerializeToString(&bytes))
    throw BadConfig("the model is larger than the 2 GB that an ONNX file can hold");
  return bytes;
}

}  // namespace settle::onnx
