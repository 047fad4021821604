#include "sim/file_name.hpp"

namespace settle {

std::string file_part(std::string_view name) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string part;
  for (const char character : name) {
    const auto byte = static_cast<unsigned char>(character);
    if (character == '/' || character == '%' || byte < 0x20 || byte == 0x7F) {
      part += '%';
      part += digits[byte / 16];
      part += digits[byte % 16];
    } else {
      part += character;
    }
  }
  return part;
}

}  // namespace settle
