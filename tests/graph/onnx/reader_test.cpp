// Bytes of ONNX files: what they say, and how wrong ones are refused.
#include <doctest/doctest.h>

#include <cmath>
#include <cstring>

#include "graph/onnx/error.hpp"
#include "graph/onnx/reader.hpp"
#include "tests/support/protobuf_bytes.hpp"

using namespace settle;
using namespace settle::test;

namespace {

using onnx::ElementType;

std::span<const std::byte> span_of(const std::string& bytes) { return std::as_bytes(std::span(bytes)); }

onnx::Model read_model(const std::string& bytes) { return onnx::parse_model(span_of(bytes), "m.onnx"); }
onnx::Literal read_tensor(const std::string& bytes) { return onnx::parse_tensor(span_of(bytes), "t.pb"); }

template <class Thrown, class Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const Thrown& error) {
    return error.what();
  }
  FAIL("nothing was refused");
  return {};
}

template <class Thrown = BadData>
std::string tensor_refusal(const std::string& bytes) {
  return refusal<Thrown>([&] { read_tensor(bytes); });
}
// A model with this graph.
template <class Thrown = BadData>
std::string graph_refusal(const std::string& graph) {
  return refusal<Thrown>([&] { read_model(bytes_field(7, graph)); });
}

template <class Number>
std::string raw(std::initializer_list<Number> numbers) {
  std::string bytes;
  for (const Number number : numbers) {
    char memory[sizeof(Number)];
    std::memcpy(memory, &number, sizeof(Number));
    bytes.append(memory, sizeof(Number));
  }
  return bytes;
}

std::string tensor(ElementType type, std::initializer_list<std::int64_t> dims, const std::string& rest) {
  std::string bytes;
  for (const std::int64_t extent : dims) bytes += number_field(1, extent);
  return bytes + number_field(2, static_cast<std::int64_t>(type)) + rest;
}

std::vector<double> elements(const std::string& bytes) {
  const onnx::Literal literal = read_tensor(bytes);
  return {literal.values->flat().begin(), literal.values->flat().end()};
}

using Numbers = std::vector<double>;

}  // namespace

TEST_CASE("tensors of every element type are read from raw bytes and from their fields") {
  CHECK(elements(tensor(ElementType::float32, {2}, bytes_field(9, raw({1.5F, -2.0F})))) == Numbers{1.5, -2});
  CHECK(elements(tensor(ElementType::float64, {2}, bytes_field(9, raw({0.1, -2.0})))) == Numbers{0.1, -2});
  CHECK(elements(tensor(ElementType::int64, {1}, bytes_field(9, raw({std::int64_t{-3}})))) == Numbers{-3});
  CHECK(elements(tensor(ElementType::int8, {2}, bytes_field(9, "\x01\xFF"))) == Numbers{1, -1});
  CHECK(elements(tensor(ElementType::uint8, {2}, bytes_field(9, "\x01\xFF"))) == Numbers{1, 255});
  CHECK(elements(tensor(ElementType::boolean, {3}, bytes_field(9, std::string("\x00\x01\x02", 3)))) ==
        Numbers{0, 1, 1});
  CHECK(elements(tensor(ElementType::float32, {2}, bytes_field(4, raw({1.5F, -2.0F})))) == Numbers{1.5, -2});
  CHECK(elements(tensor(ElementType::int32, {2}, number_field(5, 7) + number_field(5, -7))) == Numbers{7, -7});
  CHECK(elements(tensor(ElementType::int64, {1}, number_field(7, -5))) == Numbers{-5});
  CHECK(elements(tensor(ElementType::uint64, {1}, number_field(11, 5))) == Numbers{5});
  CHECK(elements(tensor(ElementType::float64, {}, bytes_field(10, raw({0.25})))) == Numbers{0.25});
  CHECK(read_tensor(tensor(ElementType::float32, {0, 3}, bytes_field(9, ""))).values->shape() == Shape{0, 3});
}

TEST_CASE("half precision is read bit by bit: normal, subnormal, infinite and no number, of both kinds") {
  const auto halves = [](ElementType type, std::initializer_list<std::uint16_t> bits) {
    return elements(tensor(type, {static_cast<std::int64_t>(bits.size())}, bytes_field(9, raw(bits))));
  };
  CHECK(halves(ElementType::float16, {0x3C00, 0xC000, 0x0001, 0x7BFF, 0x7C00}) ==
        Numbers{1, -2, std::ldexp(1, -24), 65504, HUGE_VAL});
  CHECK(std::isnan(halves(ElementType::float16, {0x7E00})[0]));
  CHECK(halves(ElementType::bfloat16, {0x3F80, 0xC000, 0x7F80}) == Numbers{1, -2, HUGE_VAL});
  CHECK(elements(tensor(ElementType::float16, {1}, number_field(5, 0x3C00))) == Numbers{1});
}

TEST_CASE("a tensor whose shape and data do not agree is refused before any memory is taken for it") {
  CHECK(tensor_refusal(tensor(ElementType::float32, {3}, bytes_field(9, raw({1.0F})))) ==
        "t.pb: tensor has shape [3] but 1 elements of data");
  CHECK(tensor_refusal(tensor(ElementType::float32, {1 << 30}, "")) ==
        "t.pb: tensor has shape [1073741824] but 0 elements of data");
  CHECK(tensor_refusal(tensor(ElementType::float32, {-2}, "")) == "t.pb: tensor has an extent of -2");
  CHECK(tensor_refusal(tensor(ElementType::float32, {1 << 30, 1 << 30}, "")).find("2^31") != std::string::npos);
  CHECK(tensor_refusal(tensor(ElementType{99}, {1}, "")) ==
        "t.pb: tensor has an element type that ONNX does not know: 99");
  CHECK(tensor_refusal<onnx::Unsupported>(
            tensor(ElementType::float32, {1, 1, 1, 1, 1, 1, 1, 1, 1}, bytes_field(9, raw({1.0F})))) ==
        "t.pb: tensor has 9 axes; at most 8 are supported");
}

TEST_CASE("data in other files, segments and sparse tensors are refused by name") {
  const std::string outside = tensor(ElementType::float32, {1}, bytes_field(8, "W") + number_field(14, 1));
  CHECK(graph_refusal<onnx::Unsupported>(bytes_field(5, outside))
            .starts_with("m.onnx: initialiser 'W' keeps its data in another file: save the model in one file"));
  CHECK(tensor_refusal<onnx::Unsupported>(tensor(ElementType::float32, {1}, bytes_field(3, number_field(1, 0))))
            .find("one segment of a tensor") != std::string::npos);
  CHECK(graph_refusal<onnx::Unsupported>(bytes_field(15, "")).find("sparse initialisers") != std::string::npos);
}

TEST_CASE("names must be printable UTF-8") {
  const auto node = [](const std::string& name) {
    return bytes_field(1, bytes_field(3, name) + bytes_field(4, "Neg"));
  };
  CHECK(graph_refusal(node("a\nb")) == "m.onnx: the name of node 0 is not printable UTF-8 text (byte 1)");
  CHECK(graph_refusal(node("\xC3")).find("byte 0") != std::string::npos);
  CHECK(graph_refusal(node("\xC0\xAF")).find("byte 0") != std::string::npos);
  CHECK(graph_refusal(node("\xED\xA0\x80")).find("byte 0") != std::string::npos);
  CHECK(graph_refusal(node("x\xF5\x80\x80\x80")).find("byte 1") != std::string::npos);
  CHECK(read_model(bytes_field(7, node("/größe/Add.1"))).nodes[0].name == "/größe/Add.1");
}

TEST_CASE("bytes that are no model are refused: text, a cut, nothing, a model without a graph") {
  const std::string graph = bytes_field(1, bytes_field(1, "x") + bytes_field(2, "y") + bytes_field(4, "Neg"));
  const std::string whole = number_field(1, 7) + bytes_field(8, number_field(2, 13)) + bytes_field(7, graph);
  CHECK(read_model(whole).opsets.at("") == 13);
  for (std::size_t length = 1; length < whole.size(); ++length)
    CHECK_THROWS_AS(read_model(whole.substr(0, length)), BadData);
  CHECK(refusal<BadData>([] { read_model("this is text"); }) == "m.onnx: this is not an ONNX model, or it is cut off");
  CHECK(refusal<BadData>([] { read_model(""); }) == "m.onnx: there is no graph in it");
}

TEST_CASE("graphs within graphs without end are refused, without exhausting the stack") {
  std::string graph;
  for (int depth = 0; depth < 20000; ++depth) {
    const std::string attribute = bytes_field(1, "body") + bytes_field(6, graph) + number_field(20, 5);
    graph = bytes_field(1, bytes_field(4, "Loop") + bytes_field(5, attribute));
    if (graph.size() > 200000) break;
  }
  CHECK_THROWS_AS(read_model(bytes_field(7, graph)), BadData);
}

TEST_CASE("attributes are read by their type, one without a type or given twice is refused") {
  const auto with = [](const std::string& attributes) {
    return bytes_field(1, bytes_field(4, "Softmax") + attributes);
  };
  const std::string axis = bytes_field(5, bytes_field(1, "axis") + number_field(3, -1) + number_field(20, 2));
  const onnx::Model model = read_model(bytes_field(7, with(axis)));
  CHECK(std::get<std::int64_t>(model.nodes[0].attributes.at("axis")) == -1);
  CHECK(graph_refusal(with(axis + axis)) == "m.onnx: attribute 'axis' of node 0 (Softmax) is given twice");
  CHECK(graph_refusal(with(bytes_field(5, bytes_field(1, "axis")))) ==
        "m.onnx: attribute 'axis' of node 0 (Softmax) has no type");
}

TEST_CASE("shapes of inputs are numbers or names, negative ones are refused") {
  const auto input = [](const std::string& dims) {
    const std::string type = number_field(1, 1) + bytes_field(2, dims);
    return bytes_field(11, bytes_field(1, "x") + bytes_field(2, bytes_field(1, type)));
  };
  const std::string three = bytes_field(1, number_field(1, 3)), open = bytes_field(1, bytes_field(2, "n"));
  const onnx::TensorInfo info = read_model(bytes_field(7, input(open + three))).inputs[0];
  CHECK(info.type == ElementType::float32);
  CHECK((*info.shape)[0].symbol == "n");
  CHECK(!(*info.shape)[0].extent);
  CHECK((*info.shape)[1].extent == 3);
  CHECK(graph_refusal(input(bytes_field(1, number_field(1, -3)))) == "m.onnx: input 'x' has an extent of -3");
  CHECK(graph_refusal(bytes_field(11, "")) == "m.onnx: input has no name");
}
