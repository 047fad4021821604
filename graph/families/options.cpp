#include "graph/families/options.hpp"

#include <algorithm>
#include <charconv>

#include "graph/error.hpp"
#include "graph/ops/list.hpp"
#include "graph/suggest.hpp"

namespace settle::families {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 31;

std::vector<std::string> split(std::string_view text, char divider) {
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = text.find(divider);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool is_activation(const FunctionSpec& function) { return function.min_arguments == 1 && function.max_arguments == 1; }

void check_one_of(const std::string& option, const std::string& given, const std::vector<std::string>& known) {
  if (std::ranges::find(known, given) != known.end()) return;
  throw BadConfig(option + " = " + given + ": it is " + joined(known, " or "));
}

}  // namespace

void check_activation(const std::string& option, const std::string& name) {
  const FunctionSpec* function = find_function(name);
  if (function && is_activation(*function)) return;
  std::vector<std::string> names;
  for (const OperatorFamily& family : operator_families())
    for (const FunctionSpec& each : family.functions)
      if (is_activation(each)) names.push_back(each.name);
  const auto nearest = nearest_word(name, names);
  throw BadConfig(option + ": '" + name + "' is no function of one argument" +
                  (nearest ? ", did you mean '" + *nearest + "'?" : "; take tanh, relu or sigmoid"));
}

void check_options(std::string_view family, const FamilyOptions& options, bool has_steps) {
  check_activation("activation = " + options.activation, options.activation);
  check_one_of("output", options.output, {"categorical", "normal", "bernoulli"});
  check_one_of("readout", options.readout, {"last", "each"});
  if (!has_steps && options.readout != "last")
    throw BadConfig("readout = " + options.readout + ": the family " + std::string(family) +
                    " has no steps to read out; leave it out");
  if (!has_steps && options.mask)
    throw BadConfig("mask: the family " + std::string(family) + " has no steps that could be missing; leave it out");
  if (options.tile < 1) throw BadConfig("tile = " + std::to_string(options.tile) + ": it is at least 1");
  if (has_steps && options.tile != 1)
    throw BadConfig("tile = " + std::to_string(options.tile) + ": the family " + std::string(family) +
                    " shares its weights between steps, which tiles do not; leave it out");
}

std::vector<std::string> items_of(std::string_view list) {
  std::vector<std::string> items;
  for (const std::string& part : split(list, ',')) items.push_back(joined(words_of(part), " "));
  return items;
}

std::vector<std::string> words_of(std::string_view item) {
  std::string spaced(item);
  std::ranges::replace(spaced, '\t', ' ');
  std::vector<std::string> words = split(spaced, ' ');
  std::erase(words, "");
  return words;
}

std::int64_t count_of(std::string_view word) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
  return error == std::errc() && end == word.data() + word.size() && value >= 1 && value <= kMost ? value : 0;
}

std::vector<std::int64_t> extents_of(std::string_view word) {
  std::vector<std::int64_t> extents;
  for (const std::string& part : split(word, 'x')) extents.push_back(count_of(part));
  return std::ranges::find(extents, 0) == extents.end() ? extents : std::vector<std::int64_t>();
}

std::string joined(const std::vector<std::int64_t>& numbers, const std::string& separator) {
  std::vector<std::string> parts;
  for (const std::int64_t number : numbers) parts.push_back(std::to_string(number));
  return joined(parts, separator);
}

std::string joined(const std::vector<std::string>& parts, const std::string& separator) {
  std::string text;
  for (std::size_t i = 0; i < parts.size(); ++i) text += (i == 0 ? "" : separator) + parts[i];
  return text;
}

std::string heading(std::string_view family, const FamilyOptions& options, const std::string& more) {
  return "# " + std::string(family) + " " + joined(items_of(options.layers), ", ") + "; " + more +
         (options.bias ? "" : ", no bias") + "\n";
}

void refuse_layers(const FamilyOptions& options, const std::string& message) {
  throw BadConfig("layers = " + joined(items_of(options.layers), ", ") + ": " + message);
}

}  // namespace settle::families
