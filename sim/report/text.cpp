#include "sim/report/text.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <vector>

#include "sim/config/key_types.hpp"

namespace settle {
namespace {

bool continues_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// Letters, digits and what is no ASCII; between words there is punctuation.
bool is_in_word(char byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
         static_cast<unsigned char>(byte) >= 0x80;
}

}  // namespace

std::string exact_text(double value) { return std::isfinite(value) ? key_types::spelling(value) : "nan"; }

std::string short_text(double value) {
  if (!std::isfinite(value)) return "nan";
  char text[64];
  const std::to_chars_result end =
      std::to_chars(std::begin(text), std::end(text), value, std::chars_format::general, 4);
  return {text, end.ptr};
}

std::string interval_text(double mean, double half_width) {
  if (!std::isfinite(mean) || !std::isfinite(half_width) || half_width <= 0) return short_text(mean);
  const double size = std::max(std::abs(mean), half_width);
  const int digits = 1 - static_cast<int>(std::floor(std::log10(half_width)));  // behind the point
  if (digits < 0) {                                                             // 124000 ± 13000, not ± 12706
    const double unit = std::pow(10, -digits);
    mean = std::round(mean / unit) * unit;
    half_width = std::round(half_width / unit) * unit;
  }
  char text[128];
  if (size >= 1e6 || size < 1e-3) {
    const int shown = std::clamp(digits + static_cast<int>(std::floor(std::log10(size))), 0, 9);
    std::snprintf(text, sizeof text, "%.*e \u00b1 %.1e", shown, mean, half_width);
  } else {
    std::snprintf(text, sizeof text, "%.*f \u00b1 %.*f", std::clamp(digits, 0, 12), mean, std::clamp(digits, 0, 12),
                  half_width);
  }
  return text;
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

std::string joined(const std::vector<std::string>& words, std::string_view between) {
  std::string text;
  for (const std::string& word : words) (text += text.empty() ? "" : between) += word;
  return text;
}

std::string picture_name(std::string_view text) {
  std::string name(text);
  for (char& c : name)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
    else if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')))
      c = '_';
  return name;
}

std::vector<std::string> told_apart(const std::vector<std::string>& names, std::size_t most) {
  std::size_t longest = 0;
  for (const std::string& name : names) longest = std::max(longest, name.size());
  std::size_t head = 0;
  std::size_t tail = 0;
  if (longest > most && names.size() > 1) {
    const std::string& first = names.front();
    head = tail = first.size();
    for (const std::string& name : names) {
      head = std::min(head, static_cast<std::size_t>(std::ranges::mismatch(name, first).in1 - name.begin()));
      tail = std::min(
          tail, static_cast<std::size_t>(std::mismatch(name.rbegin(), name.rend(), first.rbegin(), first.rend()).first -
                                         name.rbegin()));
    }
    const auto shortest = std::ranges::min(names, {}, &std::string::size).size();
    tail = std::min(tail, shortest - std::min(head, shortest));
    while (head > 0 && is_in_word(first[head - 1])) --head;
    while (tail > 0 && is_in_word(first[first.size() - tail])) --tail;
    // A cut that saves nothing is none.
    if (head < 4) head = 0;
    if (tail < 4) tail = 0;
  }
  std::vector<std::string> texts;
  for (const std::string& name : names)
    texts.push_back(abbreviated(
        (head > 0 ? "\u2026" : "") + name.substr(head, name.size() - head - tail) + (tail > 0 ? "\u2026" : ""), most));
  return texts;
}

}  // namespace settle
