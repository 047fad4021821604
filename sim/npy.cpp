#include "sim/npy.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <type_traits>

#include "graph/error.hpp"
#include "sim/atomic_file.hpp"
#include "sim/npy_header.hpp"
#include "sim/read_file.hpp"

namespace settle {
namespace {

static_assert(std::endian::native == std::endian::little, "elements are kept as they lie in a little-endian file");

// Calls `use` with a null pointer to the C++ type of the elements.
template <class Use>
auto with_element_type(NpyType type, Use use) {
  switch (type) {
    case NpyType::b1:
    case NpyType::u1:
      return use(static_cast<std::uint8_t*>(nullptr));
    case NpyType::i1:
      return use(static_cast<std::int8_t*>(nullptr));
    case NpyType::i2:
      return use(static_cast<std::int16_t*>(nullptr));
    case NpyType::u2:
      return use(static_cast<std::uint16_t*>(nullptr));
    case NpyType::i4:
      return use(static_cast<std::int32_t*>(nullptr));
    case NpyType::u4:
      return use(static_cast<std::uint32_t*>(nullptr));
    case NpyType::i8:
      return use(static_cast<std::int64_t*>(nullptr));
    case NpyType::u8:
      return use(static_cast<std::uint64_t*>(nullptr));
    case NpyType::f4:
      return use(static_cast<float*>(nullptr));
    case NpyType::f8:
      break;
  }
  return use(static_cast<double*>(nullptr));
}

template <class Stored>
Stored element(std::span<const std::byte> bytes, std::size_t index) {
  Stored value;
  std::memcpy(&value, bytes.data() + index * sizeof(Stored), sizeof(Stored));
  return value;
}

void swap_bytes(std::span<std::byte> bytes, std::size_t element_size) {
  for (std::size_t at = 0; at < bytes.size(); at += element_size) std::ranges::reverse(bytes.subspan(at, element_size));
}

// Fortran order (the first index runs fastest) to C order.
std::vector<std::byte> transposed(std::span<const std::byte> bytes, const std::vector<std::int64_t>& shape,
                                  std::size_t element_size) {
  std::vector<std::byte> result(bytes.size());
  std::vector<std::size_t> stride(shape.size(), element_size);
  for (std::size_t axis = 1; axis < shape.size(); ++axis)
    stride[axis] = stride[axis - 1] * static_cast<std::size_t>(shape[axis - 1]);
  std::vector<std::int64_t> index(shape.size(), 0);
  std::size_t source = 0;
  for (std::size_t target = 0; target < result.size(); target += element_size) {
    std::memcpy(result.data() + target, bytes.data() + source, element_size);
    for (std::size_t axis = shape.size(); axis-- > 0;) {
      source += stride[axis];
      if (++index[axis] < shape[axis]) break;
      source -= stride[axis] * static_cast<std::size_t>(shape[axis]);
      index[axis] = 0;
    }
  }
  return result;
}

}  // namespace

std::size_t size_of(NpyType type) noexcept {
  return with_element_type(type, [](auto* stored) { return sizeof(*stored); });
}

std::string_view name_of(NpyType type) noexcept {
  static constexpr std::string_view kNames[] = {"bool",   "int8",  "uint8",  "int16",   "uint16", "int32",
                                                "uint32", "int64", "uint64", "float32", "float64"};
  return kNames[static_cast<std::size_t>(type)];
}

std::int64_t NpyArray::size() const noexcept { return static_cast<std::int64_t>(bytes.size() / size_of(type)); }

template <class Scalar>
Tensor<Scalar> NpyArray::to() const {
  Shape extents;
  try {
    extents = Shape(std::span<const std::int64_t>(shape));
  } catch (const Error& error) {
    throw BadData(name + ": " + error.what());
  }
  Tensor<Scalar> result(extents);
  with_element_type(type, [&](auto* stored) {
    using Stored = std::remove_pointer_t<decltype(stored)>;
    const std::span<Scalar> values = result.flat();
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Scalar>(element<Stored>(bytes, i));
  });
  return result;
}

std::vector<std::int64_t> NpyArray::integers() const {
  assert(is_integer());
  std::vector<std::int64_t> result(static_cast<std::size_t>(size()));
  with_element_type(type, [&](auto* stored) {
    using Stored = std::remove_pointer_t<decltype(stored)>;
    if constexpr (std::is_integral_v<Stored>)
      for (std::size_t i = 0; i < result.size(); ++i) {
        const Stored value = element<Stored>(bytes, i);
        if (!std::in_range<std::int64_t>(value))
          throw BadData(name + ": element " + std::to_string(i) + " is " + std::to_string(value) + ", beyond 2^63 - 1");
        result[i] = static_cast<std::int64_t>(value);
      }
  });
  return result;
}

NpyArray parse_npy(std::span<const std::byte> file, const std::string& name) {
  const NpyHeader header = parse_npy_header(file, name);
  NpyArray array{name, header.type, header.shape, {}};
  const auto payload = file.subspan(header.payload_offset, header.payload_bytes);
  const std::size_t element_size = size_of(header.type);
  if (header.fortran_order && header.shape.size() > 1)
    array.bytes = transposed(payload, header.shape, element_size);
  else
    array.bytes.assign(payload.begin(), payload.end());
  if (header.big_endian) swap_bytes(array.bytes, element_size);
  return array;
}

NpyArray read_npy(const std::filesystem::path& path) { return parse_npy(read_file(path), path.string()); }

template <class Scalar>
std::vector<std::byte> npy_header(const Shape& shape) {
  std::string text =
      std::string("{'descr': '") + (sizeof(Scalar) == 4 ? "<f4" : "<f8") + "', 'fortran_order': False, 'shape': (";
  for (const std::int64_t extent : shape.extents()) text += std::to_string(extent) + ", ";
  text += "), }";
  // numpy's rule: the elements start at a multiple of 64.
  constexpr std::size_t kPrefix = 10;
  text.append(63 - (kPrefix + text.size()) % 64, ' ');
  text += '\n';
  assert((kPrefix + text.size()) % 64 == 0 && text.size() < 65536);
  std::string head("\x93NUMPY\x01\x00", 8);
  head += static_cast<char>(text.size() & 0xff);
  head += static_cast<char>(text.size() >> 8);
  head += text;
  const auto bytes = std::as_bytes(std::span(head.data(), head.size()));
  return {bytes.begin(), bytes.end()};
}

template <class Scalar>
std::vector<std::byte> npy_bytes(ConstView<Scalar> tensor) {
  std::vector<std::byte> file = npy_header<Scalar>(tensor.shape);
  const auto elements = std::as_bytes(tensor.flat());
  file.insert(file.end(), elements.begin(), elements.end());
  return file;
}

template <class Scalar>
void write_npy(const std::filesystem::path& path, ConstView<Scalar> tensor) {
  write_file_atomically(path, npy_bytes(tensor));
}

template Tensor<float> NpyArray::to() const;
template Tensor<double> NpyArray::to() const;
template std::vector<std::byte> npy_header<float>(const Shape&);
template std::vector<std::byte> npy_header<double>(const Shape&);
template std::vector<std::byte> npy_bytes(ConstView<float>);
template std::vector<std::byte> npy_bytes(ConstView<double>);
template void write_npy(const std::filesystem::path&, ConstView<float>);
template void write_npy(const std::filesystem::path&, ConstView<double>);

}  // namespace settle
