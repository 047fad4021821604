#include "graph/language/source.hpp"

#include <algorithm>

#include "graph/error.hpp"

namespace settle::language {

Source::Source(std::string_view text, std::string file_name) : text_(text), file_name_(std::move(file_name)) {
  if (text.size() > kMaxText)
    throw BadConfig(file_name_ + ": a model of more than " + std::to_string(kMaxText >> 20) +
                    " MiB of text is not supported; is this a .graph file?");
  line_starts_.push_back(0);
  for (std::uint32_t offset = 0; offset < text.size(); ++offset)
    if (text[offset] == '\n') line_starts_.push_back(offset + 1);
}

Place Source::place(std::uint32_t offset) const {
  const auto after = std::ranges::upper_bound(line_starts_, offset);
  const std::uint32_t start = *(after - 1);
  const std::size_t before = characters(text_.substr(start, offset - start));
  return {static_cast<std::uint32_t>(after - line_starts_.begin()), static_cast<std::uint32_t>(before + 1)};
}

std::string_view Source::line(std::uint32_t number) const {
  const std::uint32_t start = line_starts_[number - 1];
  std::string_view line = text_.substr(start, text_.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace settle::language
