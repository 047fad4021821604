#include "sim/study/values.hpp"

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

using key_types::number_of;
using key_types::spelling;

constexpr std::uint64_t kMostValues = 100000;

// To twelve digits: 0.001, not 0.0009999999999999998.
double rounded(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.12g", value);
  return std::atof(text.data());
}

std::vector<std::string> range(std::string_view inside, bool logarithmic, const std::string& place) {
  const std::vector<std::string_view> words = split(inside, ',');
  const auto from = words.size() == 3 ? number_of<double>(words[0]) : std::nullopt;
  const auto to = words.size() == 3 ? number_of<double>(words[1]) : std::nullopt;
  const auto count = words.size() == 3 ? number_of<std::uint64_t>(words[2]) : std::nullopt;
  if (!from || !to || !count || !std::isfinite(*from) || !std::isfinite(*to) || *count < 2 || *count > kMostValues ||
      (logarithmic && (*from <= 0 || *to <= 0)))
    throw BadConfig(place + ": a range is linear(from, to, count) or log(from, to, count), with a count from 2 to " +
                    std::to_string(kMostValues) + " and, for log, ends above 0");
  std::vector<std::string> values;
  for (std::uint64_t k = 0; k < *count; ++k) {
    const double share = static_cast<double>(k) / static_cast<double>(*count - 1);
    const double between = logarithmic ? *from * std::pow(*to / *from, share) : *from * (1 - share) + *to * share;
    values.push_back(spelling(k == 0 ? *from : k + 1 == *count ? *to : rounded(between)));
  }
  return values;
}

}  // namespace

std::vector<std::string> study_values(std::string_view text, const std::string& place) {
  const std::string_view whole = trimmed(text);
  if (whole.empty()) throw BadConfig(place + ": has no values; give a list, linear(from, to, count) or log(...)");
  for (const bool logarithmic : {false, true}) {
    const std::string_view name = logarithmic ? "log(" : "linear(";
    if (whole.starts_with(name) && whole.find(')') + 1 == whole.size())
      return range(whole.substr(name.size(), whole.size() - name.size() - 1), logarithmic, place);
  }
  std::vector<std::string> values;
  for (const std::string_view part : split(whole, ',')) {
    std::string& value = values.emplace_back(part);
    std::erase(value, '"');
    if (value.empty()) throw BadConfig(place + ": has an empty value between its commas");
  }
  return values;
}

}  // namespace settle
