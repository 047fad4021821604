#include "sim/virtual/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/config/key_types.hpp"
#include "sim/text.hpp"

namespace settle {

DistributionPtr read_distribution(std::string& text) {
  const std::size_t open = text.find('(');
  const std::string_view whole = trimmed(text);
  const std::string_view name = open == std::string::npos ? "constant" : trimmed(whole.substr(0, whole.find('(')));
  std::string_view inner = whole;
  if (open != std::string::npos) {
    if (whole.back() != ')') return nullptr;
    inner.remove_prefix(whole.find('(') + 1);
    inner.remove_suffix(1);
  }
  std::vector<double> parameters;
  for (const std::string_view part : split(inner, ',')) {
    const auto number = key_types::number_of<double>(part);
    if (!number || !std::isfinite(*number)) return nullptr;
    parameters.push_back(*number);
  }
  const auto kinds = distribution_kinds();
  const auto kind = std::ranges::find(kinds, name, &DistributionKind::name);
  if (kind == kinds.end() || kind->count != parameters.size()) return nullptr;
  DistributionPtr distribution = kind->make(parameters);
  if (!distribution) return nullptr;
  std::string spelt;
  for (const double parameter : parameters) spelt += (spelt.empty() ? "" : ", ") + key_types::spelling(parameter);
  text = kind->name == "constant" ? spelt : std::string(kind->name) + "(" + spelt + ")";
  return distribution;
}

std::string distribution_words() {
  std::string words = "a number above 0";
  const auto kinds = distribution_kinds();
  for (const DistributionKind& kind : kinds)
    words +=
        (&kind == &kinds.back() ? " or " : ", ") + std::string(kind.name) + "(" + std::string(kind.parameters) + ")";
  return words;
}

}  // namespace settle
