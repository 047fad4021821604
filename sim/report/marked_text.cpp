#include "sim/report/marked_text.hpp"

#include <algorithm>
#include <optional>

#include "graph/error.hpp"
#include "sim/text.hpp"

namespace settle {
namespace {

// NAME of a line `<!-- WORD NAME -->`.
std::optional<std::string> mark(std::string_view line, std::string_view word) {
  constexpr std::string_view kOpen = "<!--";
  constexpr std::string_view kClose = "-->";
  line = trimmed(line);
  if (line.size() < kOpen.size() + kClose.size() || !line.starts_with(kOpen) || !line.ends_with(kClose))
    return std::nullopt;
  line = trimmed(line.substr(kOpen.size(), line.size() - kOpen.size() - kClose.size()));
  if (!line.starts_with(word)) return std::nullopt;
  line.remove_prefix(word.size());
  if (line.empty() || trimmed(line).size() == line.size()) return std::nullopt;  // a longer word
  return std::string(trimmed(line));
}

}  // namespace

std::vector<MarkedPart> marked_parts(std::string_view text, const std::string& file) {
  std::vector<MarkedPart> parts;
  bool open = false;
  std::size_t number = 0;
  const auto fail = [&](std::size_t line, const std::string& what) {
    throw BadData(file + ":" + std::to_string(line) + ": " + what);
  };
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size() - 1) + 1;
    const std::string_view line = text.substr(begin, end - begin);
    ++number;
    if (const std::optional<std::string> name = mark(line, "begin")) {
      if (open)
        fail(number, "begins '" + *name + "' within '" + parts.back().name + "', which line " +
                         std::to_string(parts.back().line) + " begins; end that before: <!-- end " + parts.back().name +
                         " -->");
      if (const auto twin = std::ranges::find(parts, *name, &MarkedPart::name); twin != parts.end())
        fail(number, "begins '" + *name + "' a second time (line " + std::to_string(twin->line) + "); take one out");
      parts.push_back({*name, end, end, number});
      open = true;
    } else if (const std::optional<std::string> ended = mark(line, "end")) {
      if (!open) fail(number, "ends '" + *ended + "', which has no line <!-- begin " + *ended + " --> before it");
      if (*ended != parts.back().name)
        fail(number, "ends '" + *ended + "' where '" + parts.back().name + "' is to end, which line " +
                         std::to_string(parts.back().line) + " begins");
      parts.back().end = begin;
      open = false;
    }
    begin = end;
  }
  if (open)
    fail(parts.back().line, "begins '" + parts.back().name + "', which never ends; put a line <!-- end " +
                                parts.back().name + " --> behind it");
  return parts;
}

std::string with_contents(std::string_view text, const std::vector<MarkedPart>& parts,
                          const std::map<std::string, std::string>& contents) {
  std::string result;
  std::size_t done = 0;
  for (const MarkedPart& part : parts) {
    result += text.substr(done, part.begin - done);
    result += contents.at(part.name);
    done = part.end;
  }
  return result += text.substr(done);
}

}  // namespace settle
