#include "graph/onnx/tensor_reader.hpp"

#include <bit>
#include <cmath>
#include <cstring>

#include "graph/onnx/error.hpp"

namespace settle::onnx {
namespace {

static_assert(std::endian::native == std::endian::little, "raw data are little-endian");

using ::onnx::TensorProto;

double from_float16(std::uint16_t bits) {
  const int exponent = (bits >> 10) & 0x1f;
  const int fraction = bits & 0x3ff;
  double magnitude = 0;
  if (exponent == 0x1f)
    magnitude = fraction == 0 ? HUGE_VAL : std::nan("");
  else if (exponent == 0)
    magnitude = std::ldexp(fraction, -24);
  else
    magnitude = std::ldexp(fraction + 1024, exponent - 25);
  return (bits & 0x8000) != 0 ? -magnitude : magnitude;
}

double from_bfloat16(std::uint16_t bits) {
  return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits) << 16));
}

Shape shape_of(const TensorProto& tensor, const std::string& what) {
  if (tensor.dims_size() > static_cast<int>(Shape::kMaxRank))
    throw Unsupported(what + " has " + std::to_string(tensor.dims_size()) + " axes; at most " +
                      std::to_string(Shape::kMaxRank) + " are supported");
  for (const std::int64_t extent : tensor.dims())
    if (extent < 0) throw BadData(what + " has an extent of " + std::to_string(extent));
  try {
    return Shape(std::span<const std::int64_t>(tensor.dims().data(), static_cast<std::size_t>(tensor.dims_size())));
  } catch (const BadConfig& error) {
    throw BadData(what + ": " + error.what());
  }
}

[[noreturn]] void wrong_length(const std::string& what, const Shape& shape, std::size_t found) {
  throw BadData(what + " has shape " + shape.to_string() + " but " + std::to_string(found) + " elements of data");
}

template <class Stored, class Convert>
Tensor<double> from_raw(const std::string& raw, const Shape& shape, const std::string& what, Convert convert) {
  const auto count = static_cast<std::size_t>(shape.size());
  if (raw.size() != count * sizeof(Stored)) wrong_length(what, shape, raw.size() / sizeof(Stored));
  Tensor<double> values(shape);
  for (std::size_t i = 0; i < count; ++i) {
    Stored stored;
    std::memcpy(&stored, raw.data() + i * sizeof(Stored), sizeof(Stored));
    values.data()[i] = convert(stored);
  }
  return values;
}

template <class Field, class Convert>
Tensor<double> from_field(const Field& field, const Shape& shape, const std::string& what, Convert convert) {
  if (field.size() != shape.size()) wrong_length(what, shape, static_cast<std::size_t>(field.size()));
  Tensor<double> values(shape);
  for (int i = 0; i < field.size(); ++i) values.data()[i] = convert(field[i]);
  return values;
}

// The elements, from raw bytes of type `Stored` or from the repeated field that the type is kept in.
template <class Stored, class Field, class Convert>
Tensor<double> values_of(const TensorProto& tensor, const Field& field, const Shape& shape, const std::string& what,
                         Convert convert) {
  if (tensor.has_raw_data()) return from_raw<Stored>(tensor.raw_data(), shape, what, convert);
  return from_field(field, shape, what, [&](auto kept) { return convert(static_cast<Stored>(kept)); });
}

Tensor<double> values_of(const TensorProto& tensor, ElementType type, const Shape& shape, const std::string& what) {
  const auto plain = [](auto x) { return static_cast<double>(x); };
  switch (type) {
    case ElementType::float32:
      return values_of<float>(tensor, tensor.float_data(), shape, what, plain);
    case ElementType::float64:
      return values_of<double>(tensor, tensor.double_data(), shape, what, plain);
    case ElementType::float16:
      return values_of<std::uint16_t>(tensor, tensor.int32_data(), shape, what, from_float16);
    case ElementType::bfloat16:
      return values_of<std::uint16_t>(tensor, tensor.int32_data(), shape, what, from_bfloat16);
    case ElementType::int8:
      return values_of<std::int8_t>(tensor, tensor.int32_data(), shape, what, plain);
    case ElementType::int16:
      return values_of<std::int16_t>(tensor, tensor.int32_data(), shape, what, plain);
    case ElementType::int32:
      return values_of<std::int32_t>(tensor, tensor.int32_data(), shape, what, plain);
    case ElementType::uint8:
      return values_of<std::uint8_t>(tensor, tensor.int32_data(), shape, what, plain);
    case ElementType::uint16:
      return values_of<std::uint16_t>(tensor, tensor.int32_data(), shape, what, plain);
    case ElementType::boolean:
      return values_of<std::uint8_t>(tensor, tensor.int32_data(), shape, what,
                                     [](auto x) { return x != 0 ? 1.0 : 0.0; });
    case ElementType::int64:
      return values_of<std::int64_t>(tensor, tensor.int64_data(), shape, what, plain);
    case ElementType::uint32:
      return values_of<std::uint32_t>(tensor, tensor.uint64_data(), shape, what, plain);
    case ElementType::uint64:
      return values_of<std::uint64_t>(tensor, tensor.uint64_data(), shape, what, plain);
    default:
      throw InternalFault("values of a tensor that is not numeric");
  }
}

// How many bytes the character that starts at `at` has; 0 where it is none, or a control character.
std::size_t character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t k) -> unsigned {
    return at + k < text.size() ? static_cast<unsigned char>(text[at + k]) : 0U;
  };
  const auto continues = [&](std::size_t k) { return (byte(k) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80U) return first >= 0x20U && first != 0x7FU ? 1 : 0;
  if (first >= 0xC2U && first <= 0xDFU) return continues(1) ? 2 : 0;
  if (first >= 0xE0U && first <= 0xEFU) {
    const bool overlong = first == 0xE0U && byte(1) < 0xA0U;
    const bool surrogate = first == 0xEDU && byte(1) > 0x9FU;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0U && first <= 0xF4U) {
    const bool outside = (first == 0xF0U && byte(1) < 0x90U) || (first == 0xF4U && byte(1) > 0x8FU);
    return continues(1) && continues(2) && continues(3) && !outside ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string checked_text(const std::string& text, const std::string& what) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character(text, at);
    if (length == 0) throw BadData(what + " is not printable UTF-8 text (byte " + std::to_string(at) + ")");
    at += length;
  }
  return text;
}

Literal literal_of(const TensorProto& tensor, const std::string& what) {
  Literal literal;
  literal.name = checked_text(tensor.name(), "the name of " + what);
  const std::string named = literal.name.empty() ? what : what + " '" + literal.name + "'";
  literal.type = element_type(tensor.data_type());
  if (literal.type == ElementType::undefined)
    throw BadData(named + " has an element type that ONNX does not know: " + std::to_string(tensor.data_type()));
  if (tensor.data_location() == TensorProto::EXTERNAL || tensor.external_data_size() > 0)
    throw Unsupported(named + " keeps its data in another file: save the model in one file (in Python: onnx.save(" +
                      "onnx.load(\"model.onnx\"), \"whole.onnx\"))");
  if (tensor.has_segment()) throw Unsupported(named + " is one segment of a tensor; save it as a whole");
  if (!is_numeric(literal.type)) return literal;
  literal.values =
      std::make_shared<const Tensor<double>>(values_of(tensor, literal.type, shape_of(tensor, named), named));
  return literal;
}

}  // namespace settle::onnx
