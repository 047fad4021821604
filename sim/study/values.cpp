#include "sim/study/values.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::uint64_t kMostValues = 100000;

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return "";
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> items(1);
  int depth = 0;
  bool quoted = false;
  for (const char letter : text) {
    if (letter == '"') {
      quoted = !quoted;
      continue;
    }
    if (!quoted) depth += letter == '(' ? 1 : letter == ')' ? -1 : 0;
    if (letter == ',' && depth == 0 && !quoted)
      items.emplace_back();
    else
      items.back() += letter;
  }
  for (std::string& item : items) item = trimmed(item);
  return items;
}

template <class Number>
std::optional<Number> number(const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string shortest(double value) {
  std::array<char, 32> text{};
  return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

std::vector<std::string> range(std::string_view inside, bool logarithmic, const std::string& place) {
  const std::vector<std::string> words = split(inside);
  const auto from = words.size() == 3 ? number<double>(words[0]) : std::nullopt;
  const auto to = words.size() == 3 ? number<double>(words[1]) : std::nullopt;
  const auto count = words.size() == 3 ? number<std::uint64_t>(words[2]) : std::nullopt;
  if (!from || !to || !count || !std::isfinite(*from) || !std::isfinite(*to) || *count < 2 || *count > kMostValues ||
      (logarithmic && (*from <= 0 || *to <= 0)))
    throw BadConfig(place + ": a range is linear(from, to, count) or log(from, to, count), with a count from 2 to " +
                    std::to_string(kMostValues) + " and, for log, ends above 0");
  std::vector<std::string> values;
  for (std::uint64_t k = 0; k < *count; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(*count - 1);
    const double between = logarithmic ? *from * std::pow(*to / *from, share) : *from * (1 - share) + *to * share;
    values.push_back(shortest(k == 0 ? *from : k + 1 == *count ? *to : between));
  }
  return values;
}

}  // namespace

std::vector<std::string> study_values(std::string_view text, const std::string& place) {
  const std::string whole = trimmed(text);
  if (whole.empty()) throw BadConfig(place + ": has no values; give a list, linear(from, to, count) or log(...)");
  for (const bool logarithmic : {false, true}) {
    const std::string_view name = logarithmic ? "log(" : "linear(";
    if (whole.starts_with(name) && whole.find(')') + 1 == whole.size())
      return range(std::string_view(whole).substr(name.size(), whole.size() - name.size() - 1), logarithmic, place);
  }
  std::vector<std::string> values = split(whole);
  for (const std::string& value : values)
    if (value.empty()) throw BadConfig(place + ": has an empty value between its commas");
  return values;
}

}  // namespace settle
