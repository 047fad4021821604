#include "sim/datasets/word_list.hpp"

#include <algorithm>
#include <string_view>

#include "graph/error.hpp"
#include "sim/datasets/utf8.hpp"

namespace settle {
namespace {

constexpr const char* kFormat = "; write WORD, a tab, LABEL on each line";

std::u32string_view trimmed(std::u32string_view text) {
  constexpr std::u32string_view kSpaces = U" \r";
  const std::size_t first = text.find_first_not_of(kSpaces);
  if (first == std::u32string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpaces) + 1 - first);
}

}  // namespace

WordList parse_word_list(std::span<const std::byte> file, const std::string& name) {
  const std::u32string text = decode_utf8(file, name);
  WordList list;
  std::vector<std::u32string> labels;
  std::u32string_view rest = text;
  for (std::size_t number = 1; !rest.empty(); ++number) {
    const std::size_t end = std::min(rest.find(U'\n'), rest.size());
    const std::u32string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (trimmed(line).empty()) continue;
    const auto fail = [&](const std::string& what) {
      throw BadData(name + ":" + std::to_string(number) + ": " + what + kFormat);
    };
    const std::size_t tab = line.find(U'\t');
    if (tab == std::u32string_view::npos) fail("there is no tab");
    if (line.find(U'\t', tab + 1) != std::u32string_view::npos) fail("there are two tabs");
    const std::u32string_view word = trimmed(line.substr(0, tab));
    const std::u32string_view label = trimmed(line.substr(tab + 1));
    if (word.empty()) fail("there is no word before the tab");
    if (label.empty()) fail("there is no label behind the tab");
    list.words.emplace_back(word);
    labels.emplace_back(label);
  }
  if (list.words.empty()) throw BadData(name + ": holds no words" + kFormat);
  list.label_names = labels;
  std::ranges::sort(list.label_names);
  list.label_names.erase(std::unique(list.label_names.begin(), list.label_names.end()), list.label_names.end());
  for (const std::u32string& label : labels)
    list.labels.push_back(
        static_cast<std::uint32_t>(std::ranges::lower_bound(list.label_names, label) - list.label_names.begin()));
  return list;
}

}  // namespace settle
