// Purpose: numpy's array file, `.npy` (format 1, 2 and 3): a header in text, then the elements.
// Source: numpy/lib/format.py, "NPY format". Callers: npz, datasets, the commands that exchange tensors with numpy.
// Read: bool, integers of 1 to 8 bytes, float32 and float64, in either byte order and in C or Fortran order; what is in
// memory afterwards is always in C order and in this machine's byte order. Written: float32 and float64, C order.
// A header is believed only as far as the bytes that are there: sizes are checked before anything is allocated.
// Thread rule: value types and free functions. Errors: BadData naming the array, MissingInput, CannotWrite.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "graph/tensor.hpp"

namespace settle {

enum class NpyType { b1, i1, u1, i2, u2, i4, u4, i8, u8, f4, f8 };

std::size_t size_of(NpyType type) noexcept;
// numpy's word: "uint8", "float32", ...
std::string_view name_of(NpyType type) noexcept;

struct NpyArray {
  std::string name;  // for messages: the file, or FILE:ENTRY
  NpyType type = NpyType::f4;
  std::vector<std::int64_t> shape;
  std::vector<std::byte> bytes;  // shape's elements of `type`

  std::int64_t size() const noexcept;
  bool is_integer() const noexcept { return type != NpyType::f4 && type != NpyType::f8; }
  // Converted as by static_cast. Errors: BadData where our tensors cannot have that shape.
  template <class Scalar>
  Tensor<Scalar> to() const;
  // Requires: is_integer(). Errors: BadData for an element beyond 2^63 - 1.
  std::vector<std::int64_t> integers() const;
};

NpyArray parse_npy(std::span<const std::byte> file, const std::string& name);
NpyArray read_npy(const std::filesystem::path& path);

// What precedes the elements of a float array of that shape in a file.
template <class Scalar>
std::vector<std::byte> npy_header(const Shape& shape);
template <class Scalar>
std::vector<std::byte> npy_bytes(ConstView<Scalar> tensor);
// Replaces the file, atomically.
template <class Scalar>
void write_npy(const std::filesystem::path& path, ConstView<Scalar> tensor);

}  // namespace settle
