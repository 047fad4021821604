#include "graph/language/source.hpp"

#include <algorithm>

#include "graph/error.hpp"

namespace settle::language {

Source::Source(std::string_view text, std::string file_name) { add_file(text, std::move(file_name)); }

std::uint32_t Source::add(std::string text, std::string file_name) {
  included_.push_back(std::move(text));
  return add_file(included_.back(), std::move(file_name));
}

std::uint32_t Source::add_file(std::string_view text, std::string file_name) {
  // A file's end is an offset of its own: the next one begins behind it.
  const std::size_t begin = files_.empty() ? 0 : files_.back().begin + files_.back().text.size() + 1;
  if (begin + text.size() > kMaxText)
    throw BadConfig(file_name + ": a model of more than " + std::to_string(kMaxText >> 20) +
                    " MiB of text is not supported; is this a .graph file?");
  File file{std::move(file_name), text, static_cast<std::uint32_t>(begin), {0}};
  for (std::uint32_t offset = 0; offset < text.size(); ++offset)
    if (text[offset] == '\n') file.line_starts.push_back(offset + 1);
  files_.push_back(std::move(file));
  return static_cast<std::uint32_t>(files_.size() - 1);
}

std::uint32_t Source::file_of(std::uint32_t offset) const {
  const auto after = std::ranges::upper_bound(files_, offset, {}, &File::begin);
  return static_cast<std::uint32_t>(after - files_.begin() - 1);
}

Range Source::all_of(std::uint32_t file) const {
  return {files_[file].begin, static_cast<std::uint32_t>(files_[file].text.size())};
}

std::string_view Source::text(Range range) const {
  const File& file = files_[file_of(range.offset)];
  return file.text.substr(range.offset - file.begin, range.length);
}

Place Source::place(std::uint32_t offset) const {
  const std::uint32_t number = file_of(offset);
  const File& file = files_[number];
  const std::uint32_t within = offset - file.begin;
  const auto after = std::ranges::upper_bound(file.line_starts, within);
  const std::uint32_t start = *(after - 1);
  const std::size_t before = characters(file.text.substr(start, within - start));
  return {number, static_cast<std::uint32_t>(after - file.line_starts.begin()), static_cast<std::uint32_t>(before + 1)};
}

std::string Source::line_for(std::uint32_t offset, std::uint32_t from) const {
  const Place there = place(offset);
  const std::string line = "line " + std::to_string(there.line);
  return there.file == file_of(from) ? line : line + " of " + file_name(there.file);
}

std::string_view Source::line(std::uint32_t file, std::uint32_t number) const {
  const std::string_view text = files_[file].text;
  const std::uint32_t start = files_[file].line_starts[number - 1];
  std::string_view line = text.substr(start, text.find('\n', start) - start);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::size_t characters(std::string_view text) noexcept {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0) != 0x80; }));
}

}  // namespace settle::language
