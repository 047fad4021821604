// Purpose: the array file of the MNIST family, `idx`, plain or gzip-compressed: two zero bytes, a type, the number of
// axes, big-endian extents of 32 bits, elements. Only unsigned bytes (type 0x08) are read.
// Source: LeCun, "The MNIST database", file formats. Callers: the idx dataset, the fuzz target.
// Extents are believed only as far as the bytes that are there: checked before anything is allocated.
// Thread rule: a free function. Errors: BadData naming the file: no idx, another type, cut off, damaged gzip, bytes
// left over.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace settle {

struct IdxArray {
  std::vector<std::int64_t> shape;
  std::vector<std::uint8_t> values;
};

IdxArray parse_idx(std::span<const std::byte> file, const std::string& name);

}  // namespace settle
