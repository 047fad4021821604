// Purpose: the text in front of an `.npy` file's elements, read with suspicion. Caller: npy.cpp.
// Thread rule: a value type and a free function.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/npy.hpp"

namespace settle {

struct NpyHeader {
  NpyType type = NpyType::f4;
  bool big_endian = false;
  bool fortran_order = false;
  std::vector<std::int64_t> shape;
  std::size_t payload_offset = 0;
  std::size_t payload_bytes = 0;  // what shape and type ask for; does not overflow
};

// Errors: BadData naming the array: no .npy, cut off, a type or shape that is not supported, not as many payload bytes
// as the shape asks for.
NpyHeader parse_npy_header(std::span<const std::byte> file, const std::string& name);

}  // namespace settle
