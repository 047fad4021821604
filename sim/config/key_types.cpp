#include "sim/config/key_types.hpp"

#include <algorithm>
#include <array>

#include "graph/families/options.hpp"
#include "sim/allowed_cores.hpp"
#include "sim/relax_defaults.hpp"
#include "sim/text.hpp"

namespace settle::key_types {
namespace {

constexpr std::uint32_t kMostThreads = 4096;

}  // namespace

std::string spelling(double value) {
  std::array<char, 32> digits{};
  const auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  return std::string(digits.data(), end);
}

std::string Range::words() const {
  std::string words = std::string("a number ") + (least_itself ? "from " : "above ") + spelling(least);
  if (std::isfinite(most)) words += (most_itself ? " to " : " and below ") + spelling(most);
  return words;
}

std::string one_of(const std::vector<std::string>& names) {
  std::string words = "one of ";
  for (const std::string& name : names) words += (name == names.front() ? "" : ", ") + name;
  return words;
}

Kind layers() {
  return {"a list from the input to the output, as in 784, 300, 100, 10", [](RunConfig& config, std::string& text) {
            // One spelling of one list, so that spaces are no change of a run.
            text = families::joined(families::items_of(text), ",");
            config.graph.layers = text;
            return true;
          }};
}

Kind initializer() {
  return {"default, normal(STANDARD_DEVIATION) or uniform(BOUND)", [](RunConfig& config, std::string& text) {
            std::erase(text, ' ');
            if (text != "default") {
              const std::size_t open = text.find('(');
              const std::string family = text.substr(0, open);
              if ((family != "normal" && family != "uniform") || open == std::string::npos || text.back() != ')')
                return false;
              const auto scale = number_of<double>(std::string_view(text).substr(open + 1, text.size() - open - 2));
              if (!scale || !std::isfinite(*scale) || *scale < 0) return false;
              text = family + "(" + spelling(*scale) + ")";
            }
            config.graph.init = text;
            return true;
          }};
}

Kind held_out(double DataConfig::*member) {
  return {"a fraction below 1 or a whole number of samples", [=](RunConfig& config, std::string& text) {
            const auto value = number_of<double>(text);
            if (!value || !std::isfinite(*value) || *value < 0 || *value > UINT32_MAX) return false;
            if (*value >= 1 && *value != std::floor(*value)) return false;
            config.data.*member = *value;
            text = spelling(*value);
            return true;
          }};
}

Kind value_rate() {
  const Range range{0, 2, false, true};
  return {
      "default (1 for fixed_prediction, zero_divergence and backprop, else 0.1), auto (strict: each vertex by its "
      "own curvature) or " +
          range.words(),
      [=](RunConfig& config, std::string& text) {
        config.relax.follows_curvature = text == "auto";
        if (config.relax.follows_curvature) return true;
        if (text == "default") text = spelling(default_value_rate(config.rule.name));
        const auto value = number_of<double>(text);
        if (!value || !range.contains(*value)) return false;
        config.relax.value_rate = *value;
        text = spelling(*value);
        return true;
      }};
}

Kind wake() {
  return {"default (as the rule and the graph want it), gather or eager", [](RunConfig& config, std::string& text) {
            using Wake = RelaxConfig::Wake;
            if (text != "default" && text != "gather" && text != "eager") return false;
            config.relax.wake = text == "default"  ? std::nullopt
                                : text == "gather" ? std::optional(Wake::gather)
                                                   : std::optional(Wake::eager);
            return true;
          }};
}

Kind mask() {
  return {"auto (on where the dataset's samples are of unequal length), on or off",
          [](RunConfig& config, std::string& text) {
            if (text != "auto" && text != "on" && text != "off") return false;
            config.graph.mask = text == "auto" ? std::nullopt : std::optional(text == "on");
            return true;
          }};
}

Kind threads() {
  return {"auto (the cores this process may use) or a whole number from 1 to 4096",
          [](RunConfig& config, std::string& text) {
            config.run.automatic_threads = text == "auto";
            if (text == "auto") text = std::to_string(allowed_cores());
            const auto value = number_of<std::uint32_t>(text);
            if (!value || *value < 1 || *value > kMostThreads) return false;
            config.run.threads = *value;
            text = std::to_string(*value);
            return true;
          }};
}

Kind timeline() {
  return {"0 (none), N (the first N) or FIRST..LAST, as in 100..102", [](RunConfig& config, std::string& text) {
            const std::size_t dots = text.find("..");
            const std::string_view whole = text;
            const auto first = dots == std::string::npos ? std::optional<std::uint64_t>(1)
                                                         : number_of<std::uint64_t>(trimmed(whole.substr(0, dots)));
            const auto last =
                number_of<std::uint64_t>(dots == std::string::npos ? whole : trimmed(whole.substr(dots + 2)));
            if (!first || !last || *first < 1) return false;
            if (dots != std::string::npos && *last < *first) return false;
            config.probe.timeline = {*first, *last};
            text = *first == 1 ? std::to_string(*last) : std::to_string(*first) + ".." + std::to_string(*last);
            return true;
          }};
}

}  // namespace settle::key_types
