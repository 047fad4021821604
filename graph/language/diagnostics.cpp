#include "graph/language/diagnostics.hpp"

#include <algorithm>
#include <tuple>

namespace settle::language {
namespace {

// An excerpt is cut to this many characters around the place.
constexpr std::size_t kExcerpt = 160;
constexpr std::string_view kIndent = "  ";

// The line's characters, one string each; control characters would move the caret or the user's terminal.
std::vector<std::string> printable_characters(std::string_view line) {
  std::vector<std::string> result;
  for (const char byte : line) {
    const auto code = static_cast<unsigned char>(byte);
    if ((code & 0xC0) == 0x80 && !result.empty())
      result.back() += byte;
    else if (code == '\t')
      result.emplace_back(" ");
    else if (code < 0x20 || code == 0x7F)
      result.emplace_back("?");
    else
      result.emplace_back(1, byte);
  }
  return result;
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const Source& source) {
  std::string text = source.file_name();
  if (diagnostic.line > 0) text += ":" + std::to_string(diagnostic.line) + ":" + std::to_string(diagnostic.column);
  text += ": error: " + diagnostic.message;
  if (diagnostic.line > 0) {
    const std::vector<std::string> line = printable_characters(source.line(diagnostic.line));
    const std::size_t caret = diagnostic.column - 1;
    const std::size_t begin = caret > kExcerpt / 2 && line.size() > kExcerpt ? caret - kExcerpt / 2 : 0;
    const std::size_t end = std::min(line.size(), begin + kExcerpt);
    text += "\n" + std::string(kIndent);
    for (std::size_t i = begin; i < end; ++i) text += line[i];
    const std::size_t marks =
        std::max<std::size_t>(1, std::min<std::size_t>(diagnostic.length, begin + kExcerpt - caret));
    text += "\n" + std::string(kIndent) + std::string(caret - begin, ' ') + "^" + std::string(marks - 1, '~');
  }
  if (!diagnostic.hint.empty()) text += "\n" + std::string(kIndent) + diagnostic.hint;
  return text;
}

void Diagnostics::report(Range at, const std::string& message, const std::string& hint) {
  const Place place = source_->place(at.offset);
  const auto length = static_cast<std::uint32_t>(characters(source_->text(at)));
  add({place.line, place.column, length, message, hint});
}

void Diagnostics::report_whole(const std::string& message) { add({0, 0, 0, message, ""}); }

void Diagnostics::add(Diagnostic diagnostic) {
  if (full()) return;
  const auto key = [](const Diagnostic& d) { return std::tie(d.line, d.column, d.message); };
  const auto again = [&](const Diagnostic& other) { return key(other) == key(diagnostic); };
  if (std::ranges::none_of(list_, again)) list_.push_back(std::move(diagnostic));
}

std::string Diagnostics::render_all() const {
  std::vector<Diagnostic> sorted = list_;
  std::ranges::stable_sort(sorted, {}, [](const Diagnostic& d) { return std::pair(d.line, d.column); });
  std::string text;
  for (const Diagnostic& diagnostic : sorted) text += (text.empty() ? "" : "\n") + render(diagnostic, *source_);
  if (full()) text += "\n" + source_->file_name() + ": error: only the first mistakes are listed; there may be more";
  return text;
}

}  // namespace settle::language
