// Purpose: the text being read and where things are in it.
// Thread rule: immutable.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace settle::language {

// Longer texts are refused before they are read; every offset fits 32 bits.
inline constexpr std::size_t kMaxText = std::size_t{4} << 20;

struct Range {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

struct Place {
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in characters (UTF-8)
};

class Source {
 public:
  // Requires: `text` outlives the source. Errors: BadConfig for a text above kMaxText.
  Source(std::string_view text, std::string file_name);

  const std::string& file_name() const noexcept { return file_name_; }
  std::string_view text() const noexcept { return text_; }
  std::string_view text(Range range) const { return text_.substr(range.offset, range.length); }
  Place place(std::uint32_t offset) const;
  // Without its line end.
  std::string_view line(std::uint32_t number) const;

 private:
  std::string_view text_;
  std::string file_name_;
  std::vector<std::uint32_t> line_starts_;
};

// Characters of UTF-8 text; a byte that is no UTF-8 counts as one where it does not look like a continuation.
std::size_t characters(std::string_view text) noexcept;

}  // namespace settle::language
