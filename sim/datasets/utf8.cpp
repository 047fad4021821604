#include "sim/datasets/utf8.hpp"

#include <cstdint>
#include <optional>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::uint32_t kSmallest[] = {0, 0x80, 0x800, 0x10000};  // code point by continuation bytes

// The character at the front of `bytes` and how many bytes follow its first one.
struct Character {
  char32_t code;
  std::size_t following;
};

std::optional<Character> front_character(std::span<const std::byte> bytes) {
  const auto first = std::to_integer<std::uint32_t>(bytes[0]);
  const std::size_t following = first < 0x80 ? 0 : first < 0xc0 ? 4 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  if (following == 4 || first > 0xf7 || following >= bytes.size()) return std::nullopt;
  std::uint32_t code = following == 0 ? first : first & (0x3fU >> following);
  for (std::size_t k = 1; k <= following; ++k) {
    const auto byte = std::to_integer<std::uint32_t>(bytes[k]);
    if ((byte & 0xc0U) != 0x80) return std::nullopt;
    code = code << 6U | (byte & 0x3fU);
  }
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kSmallest[following] || code > 0x10ffff || surrogate) return std::nullopt;
  return Character{static_cast<char32_t>(code), following};
}

}  // namespace

std::u32string decode_utf8(std::span<const std::byte> file, const std::string& name) {
  std::u32string text;
  text.reserve(file.size());
  for (std::size_t at = 0; at < file.size(); ++at) {
    const std::optional<Character> character = front_character(file.subspan(at));
    if (!character)
      throw BadData(name + ": byte " + std::to_string(at) + " is no UTF-8; convert the file: iconv -t utf-8");
    text += character->code;
    at += character->following;
  }
  return text;
}

std::string encode_utf8(std::u32string_view characters) {
  std::string text;
  for (const char32_t character : characters) {
    const auto code = static_cast<std::uint32_t>(character);
    const std::uint32_t following = code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
    const std::uint32_t marks = following == 0 ? 0 : 0xff00U >> (following + 1) & 0xffU;
    text += static_cast<char>(marks | code >> 6 * following);
    for (std::uint32_t k = following; k > 0; --k) text += static_cast<char>(0x80U | (code >> 6 * (k - 1) & 0x3fU));
  }
  return text;
}

}  // namespace settle
