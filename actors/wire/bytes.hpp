// Purpose: how numbers and texts lie in a frame: little-endian, bit for bit (a NaN, an infinity and -0 arrive as they
// were), texts behind their length. Thread rule: one owner each.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "graph/error.hpp"

namespace settle {

using Bytes = std::vector<char>;

// Behind what is there. Out of line: GCC 12 warns falsely where it sees into std::vector here.
void append(Bytes& out, std::span<const char> bytes);

template <class Number>
concept WireNumber = std::is_arithmetic_v<Number> || std::is_enum_v<Number>;

class ByteWriter {
 public:
  explicit ByteWriter(Bytes& out) noexcept : out_(out) {}

  template <WireNumber Number>
  void number(Number value) {
    auto bytes = std::bit_cast<std::array<char, sizeof(Number)>>(value);
    if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
    append(out_, bytes);
  }
  // Requires: less than 64 KB.
  void text(std::string_view text) {
    number(static_cast<std::uint16_t>(text.size()));
    append(out_, text);
  }

 private:
  Bytes& out_;
};

// Errors: BadData where the content ends before what is asked for.
class ByteReader {
 public:
  explicit ByteReader(std::span<const char> bytes) noexcept : bytes_(bytes) {}

  std::size_t remaining() const noexcept { return bytes_.size(); }
  std::span<const char> take(std::size_t count) {
    if (count > bytes_.size()) throw BadData("a frame's content ends too early");
    const auto taken = bytes_.first(count);
    bytes_ = bytes_.subspan(count);
    return taken;
  }
  template <WireNumber Number>
  Number number() {
    std::array<char, sizeof(Number)> bytes;
    std::ranges::copy(take(sizeof(Number)), bytes.begin());
    if constexpr (std::endian::native == std::endian::big) std::ranges::reverse(bytes);
    return std::bit_cast<Number>(bytes);
  }
  std::string text() {
    const auto bytes = take(number<std::uint16_t>());
    return {bytes.begin(), bytes.end()};
  }
  // Errors: BadData where something is left.
  void end() const {
    if (!bytes_.empty()) throw BadData("a frame's content goes on after its end");
  }

 private:
  std::span<const char> bytes_;
};

}  // namespace settle
