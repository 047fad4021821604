#include "graph/onnx/reader.hpp"

#include <google/protobuf/stubs/logging.h>
#include <onnx/onnx_pb.h>

#include <limits>

#include "graph/onnx/error.hpp"
#include "graph/onnx/tensor_reader.hpp"

namespace settle::onnx {
namespace {

using ::onnx::AttributeProto;

template <class Message>
void parse(Message& message, std::span<const std::byte> bytes, const std::string& origin, const std::string& kind) {
  const google::protobuf::LogSilencer silence;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()))
    throw BadData(origin + ": it is larger than 2 GiB, which no ONNX file is");
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
    throw BadData(origin + ": this is not an " + kind + ", or it is cut off");
}

template <class Number, class Field>
std::vector<Number> list_of(const Field& field) {
  std::vector<Number> numbers;
  for (const auto x : field) numbers.push_back(static_cast<Number>(x));
  return numbers;
}

Attribute attribute_of(const AttributeProto& attribute, const std::string& what) {
  if (!attribute.ref_attr_name().empty())
    throw Unsupported(what + " refers to an attribute of a function; save the model without functions");
  switch (attribute.type()) {
    case AttributeProto::FLOAT:
      return static_cast<double>(attribute.f());
    case AttributeProto::INT:
      return static_cast<std::int64_t>(attribute.i());
    case AttributeProto::STRING:
      return checked_text(attribute.s(), what);
    case AttributeProto::TENSOR:
      return literal_of(attribute.t(), "the tensor of " + what);
    case AttributeProto::FLOATS:
      return list_of<double>(attribute.floats());
    case AttributeProto::INTS:
      return list_of<std::int64_t>(attribute.ints());
    case AttributeProto::STRINGS: {
      std::vector<std::string> texts;
      for (const std::string& text : attribute.strings()) texts.push_back(checked_text(text, what));
      return texts;
    }
    case AttributeProto::UNDEFINED:
      throw BadData(what + " has no type");
    default:
      return OtherAttribute{AttributeProto::AttributeType_Name(attribute.type())};
  }
}

NodeSpec node_of(const ::onnx::NodeProto& node, const std::string& what) {
  NodeSpec spec;
  spec.op = checked_text(node.op_type(), "the operator of " + what);
  spec.name = checked_text(node.name(), "the name of " + what);
  const std::string named = what + " (" + spec.op + ")";
  spec.domain = checked_text(node.domain(), "the domain of " + named);
  if (spec.domain == "ai.onnx") spec.domain.clear();
  for (const std::string& name : node.input()) spec.inputs.push_back(checked_text(name, "an input of " + named));
  for (const std::string& name : node.output()) spec.outputs.push_back(checked_text(name, "an output of " + named));
  for (const AttributeProto& attribute : node.attribute()) {
    const std::string name = checked_text(attribute.name(), "an attribute's name of " + named);
    const std::string place = "attribute '" + name + "' of " + named;
    if (!spec.attributes.emplace(name, attribute_of(attribute, place)).second) throw BadData(place + " is given twice");
  }
  return spec;
}

TensorInfo info_of(const ::onnx::ValueInfoProto& value, const std::string& what) {
  TensorInfo info;
  info.name = checked_text(value.name(), "the name of " + what);
  if (info.name.empty()) throw BadData(what + " has no name");
  if (!value.type().has_tensor_type()) return info;
  const auto& tensor = value.type().tensor_type();
  info.type = element_type(tensor.elem_type());
  if (!tensor.has_shape()) return info;
  info.shape.emplace();
  for (const auto& dimension : tensor.shape().dim()) {
    Dimension extent;
    extent.symbol = checked_text(dimension.dim_param(), "an axis of " + what + " '" + info.name + "'");
    if (dimension.has_dim_value()) extent.extent = dimension.dim_value();
    if (extent.extent && *extent.extent < 0)
      throw BadData(what + " '" + info.name + "' has an extent of " + std::to_string(*extent.extent));
    info.shape->push_back(std::move(extent));
  }
  return info;
}

// Errors: the cause, without the file.
Model model_of(const ::onnx::ModelProto& proto) {
  Model model;
  model.ir_version = proto.ir_version();
  for (const auto& opset : proto.opset_import()) {
    std::string domain = checked_text(opset.domain(), "a domain of the operator sets");
    model.opsets[domain == "ai.onnx" ? std::string() : domain] = opset.version();
  }
  if (!proto.has_graph()) throw BadData("there is no graph in it");
  const ::onnx::GraphProto& graph = proto.graph();
  if (graph.sparse_initializer_size() > 0) throw Unsupported("it has sparse initialisers; save them as dense tensors");
  for (int k = 0; k < graph.node_size(); ++k)
    model.nodes.push_back(node_of(graph.node(k), "node " + std::to_string(k)));
  for (const auto& tensor : graph.initializer()) model.initialisers.push_back(literal_of(tensor, "initialiser"));
  for (const auto& value : graph.input()) model.inputs.push_back(info_of(value, "input"));
  for (const auto& value : graph.output()) model.outputs.push_back(info_of(value, "output"));
  return model;
}

// Puts the file in front of what is wrong in it.
template <class Read>
auto in_file(const std::string& origin, Read read) {
  try {
    return read();
  } catch (const Unsupported& error) {
    throw Unsupported(origin + ": " + error.what());
  } catch (const BadData& error) {
    throw BadData(origin + ": " + error.what());
  }
}

}  // namespace

Model parse_model(std::span<const std::byte> bytes, const std::string& origin) {
  ::onnx::ModelProto proto;
  parse(proto, bytes, origin, "ONNX model");
  Model model = in_file(origin, [&] { return model_of(proto); });
  model.origin = origin;
  return model;
}

Literal parse_tensor(std::span<const std::byte> bytes, const std::string& origin) {
  ::onnx::TensorProto proto;
  parse(proto, bytes, origin, "ONNX tensor");
  return in_file(origin, [&] { return literal_of(proto, "tensor"); });
}

}  // namespace settle::onnx
