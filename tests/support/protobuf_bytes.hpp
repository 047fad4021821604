// Purpose: protobuf messages byte by byte, right or wrong, so that tests need neither ONNX's code nor stored files.
// Field numbers are those of onnx.proto. Caller: tests. Thread rule: pure.
#pragma once

#include <cstdint>
#include <string>

namespace settle::test {

inline std::string varint(std::uint64_t number) {
  std::string bytes;
  for (; number >= 0x80; number >>= 7U) bytes += static_cast<char>((number & 0x7FU) | 0x80U);
  return bytes + static_cast<char>(number);
}

inline std::string number_field(unsigned field, std::int64_t number) {
  return varint(field << 3U) + varint(static_cast<std::uint64_t>(number));
}

// Bytes, text or a message.
inline std::string bytes_field(unsigned field, const std::string& bytes) {
  return varint((field << 3U) | 2U) + varint(bytes.size()) + bytes;
}

}  // namespace settle::test
