#include "sim/report/text.hpp"

#include <charconv>
#include <cmath>
#include <vector>

#include "sim/config/key_types.hpp"

namespace settle {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

}  // namespace

std::string exact_text(double value) { return std::isfinite(value) ? key_types::spelling(value) : "nan"; }

std::string short_text(double value) {
  if (!std::isfinite(value)) return "nan";
  char text[64];
  const std::to_chars_result end =
      std::to_chars(std::begin(text), std::end(text), value, std::chars_format::general, 4);
  return {text, end.ptr};
}

std::string abbreviated(std::string_view name, std::size_t most) {
  std::vector<std::size_t> begins;  // of UTF-8 characters
  for (std::size_t i = 0; i < name.size(); ++i)
    if (!continues_character(name[i])) begins.push_back(i);
  if (begins.size() <= most) return std::string(name);
  const std::size_t tail = most / 2;
  const std::size_t head = most - tail - 1;
  return std::string(name.substr(0, begins[head])) + "\u2026" + std::string(name.substr(begins[begins.size() - tail]));
}

}  // namespace settle
