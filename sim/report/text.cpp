#include "sim/report/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <vector>

namespace settle {
namespace {

template <class... Format>
std::string number(double value, Format... format) {
  if (!std::isfinite(value)) return "nan";
  char text[64];
  const std::to_chars_result end = std::to_chars(std::begin(text), std::end(text), value, format...);
  return {text, end.ptr};
}

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::string exact_text(double value) { return number(value); }
std::string short_text(double value) { return number(value, std::chars_format::general, 4); }

std::string abbreviated(std::string_view name, std::size_t most) {
  std::vector<std::size_t> begins;  // of UTF-8 characters
  for (std::size_t i = 0; i < name.size(); ++i)
    if (!continues_character(name[i])) begins.push_back(i);
  if (begins.size() <= most) return std::string(name);
  const std::size_t tail = most / 2;
  const std::size_t head = most - tail - 1;
  return std::string(name.substr(0, begins[head])) + "\u2026" + std::string(name.substr(begins[begins.size() - tail]));
}

std::string csv_field(std::string_view text) {
  std::string field(text);
  std::ranges::replace_if(
      field, [](unsigned char c) { return c < 0x20; }, ' ');
  if (field.find_first_of("\",") == std::string::npos) return field;
  for (std::size_t at = 0; (at = field.find('"', at)) != std::string::npos; at += 2) field.insert(at, 1, '"');
  return '"' + field + '"';
}

}  // namespace settle
