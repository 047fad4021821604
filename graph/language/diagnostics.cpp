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
  const Place& place = diagnostic.place;
  std::string text = source.file_name(place.file);
  if (place.line > 0) text += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  text += ": error: " + diagnostic.message;
  if (place.line > 0) {
    const std::vector<std::string> line = printable_characters(source.line(place.file, place.line));
    const std::size_t caret = place.column - 1;
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

std::string Diagnostics::frames() const {
  std::string calls;
  std::string rounds;
  for (const Frame* frame = innermost_; frame; frame = frame->outer) {
    const std::string name(frame->name);
    if (frame->called.length == 0)
      rounds = name + " = " + std::to_string(frame->value) + (rounds.empty() ? "" : ", " + rounds);
    else
      calls += (calls.empty() ? "in '" : ", in '") + name + "', called in line " +
               std::to_string(source_->place(frame->called.offset).line);
  }
  if (!rounds.empty()) calls += (calls.empty() ? "for " : ", for ") + rounds;
  return calls.empty() ? "" : " (" + calls + ")";
}

void Diagnostics::report(Range at, const std::string& message, const std::string& hint) {
  if (full()) return;
  const Place place = source_->place(at.offset);
  const auto again = [&](const Diagnostic& other) {
    return std::tie(other.place.file, other.place.line, other.place.column) ==
               std::tie(place.file, place.line, place.column) &&
           (innermost_ || other.message == message);
  };
  if (std::ranges::any_of(list_, again)) return;
  const std::string_view marked = source_->text(at);
  const auto length = static_cast<std::uint32_t>(characters(marked.substr(0, marked.find('\n'))));
  list_.push_back({place, length, message + frames(), hint});
}

void Diagnostics::report_whole(const std::string& message) {
  const auto again = [&](const Diagnostic& other) { return other.place.line == 0 && other.message == message; };
  if (!full() && std::ranges::none_of(list_, again)) list_.push_back({{}, 0, message, ""});
}

std::string Diagnostics::render_all() const {
  std::vector<Diagnostic> sorted = list_;
  std::ranges::stable_sort(sorted, {},
                           [](const Diagnostic& d) { return std::tuple(d.place.file, d.place.line, d.place.column); });
  std::string text;
  for (const Diagnostic& diagnostic : sorted) text += (text.empty() ? "" : "\n") + render(diagnostic, *source_);
  if (full()) text += "\n" + source_->file_name() + ": error: only the first mistakes are listed; there may be more";
  return text;
}

}  // namespace settle::language
