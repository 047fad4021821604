// Purpose: the text being read, that of included files behind it, and where things are. An offset counts through all
// files, so that a range says by itself which file it is in.
// Thread rule: one owner.
#pragma once

#include <cstdint>
#include <deque>
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
  std::uint32_t file = 0;    // in order of inclusion, the text itself being 0
  std::uint32_t line = 0;    // from 1
  std::uint32_t column = 0;  // from 1, in characters (UTF-8)
};

class Source {
 public:
  // Requires: `text` outlives the source. Errors: BadConfig for a text above kMaxText.
  Source(std::string_view text, std::string file_name);

  // Adds an included file and gives its number. Errors: BadConfig where all texts together exceed kMaxText.
  std::uint32_t add(std::string text, std::string file_name);

  const std::string& file_name(std::uint32_t file = 0) const { return files_[file].name; }
  Range all_of(std::uint32_t file) const;
  std::string_view text(Range range) const;
  Place place(std::uint32_t offset) const;
  // "line 3", and of which file where that is another one than that of `from`.
  std::string line_for(std::uint32_t offset, std::uint32_t from) const;
  // Without its line end.
  std::string_view line(std::uint32_t file, std::uint32_t number) const;

 private:
  struct File {
    std::string name;
    std::string_view text;
    std::uint32_t begin = 0;                 // offset of its first byte
    std::vector<std::uint32_t> line_starts;  // within it
  };

  std::uint32_t add_file(std::string_view text, std::string file_name);
  std::uint32_t file_of(std::uint32_t offset) const;

  std::deque<std::string> included_;
  std::vector<File> files_;
};

// Characters of UTF-8 text; a byte that is no UTF-8 counts as one where it does not look like a continuation.
std::size_t characters(std::string_view text) noexcept;

}  // namespace settle::language
