#include "sim/report/html.hpp"

#include <algorithm>
#include <utility>

namespace settle {
namespace {

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ground: #ffffff; --card: #f7f7f8; --text: #1b1d21; --faint: #5b616b; --line: #d5d8dd; --link: #0b5cad; --notice: #fff3d6; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #15171a; --card: #1d2024; --text: #e7e9ec; --faint: #a5acb6; --line: #3a3f46; --link: #7fb8ee; --notice: #43370f; }
  figure svg [stroke="rgb(  0, 114, 178)"] { stroke: #4ea6dc; }
  figure svg [fill="rgb(  0, 114, 178)"] { fill: #4ea6dc; }
  figure svg [color="rgb(  0, 114, 178)"] { color: #4ea6dc; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 24px 28px 48px; max-width: 1320px; background: var(--ground); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 32px 0 10px; padding-bottom: 4px; border-bottom: 1px solid var(--line); }
a { color: var(--link); }
nav a { margin-right: 16px; }
p { margin: 8px 0; max-width: 90ch; overflow-wrap: anywhere; }
.notice { background: var(--notice); border-left: 4px solid #d08b00; padding: 8px 12px; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(560px, 100%), 1fr)); gap: 18px; margin: 12px 0; }
figure { margin: 0; padding: 12px 14px; background: var(--card); border: 1px solid var(--line); border-radius: 6px; break-inside: avoid; }
figure.wide { grid-column: 1 / -1; }
figure svg image { image-rendering: pixelated; }
figure svg { display: block; width: 100%; height: auto; max-height: 900px; color: var(--text); }
figure svg g { color: inherit; }
figure svg [fill="black"] { fill: currentColor; }
figure svg [stroke="black"] { stroke: currentColor; }
figure svg [stroke="rgb(  0,   0,   0)"] { stroke: currentColor; }
figure svg .gridline { stroke: var(--line); }
figcaption { margin-top: 8px; font-size: 14px; }
figcaption .files { display: block; color: var(--faint); font-size: 13px; margin-top: 4px; }
.table { overflow-x: auto; margin: 10px 0; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; vertical-align: top; padding: 4px 16px 4px 0; border-bottom: 1px solid var(--line); overflow-wrap: break-word; }
th { font-weight: 600; color: var(--faint); white-space: nowrap; }
.number { text-align: right; padding: 4px 0 4px 16px; }
.number + :not(.number) { padding-left: 16px; }
td { min-width: 6ch; max-width: 90ch; }
.line { white-space: nowrap; }
summary { cursor: pointer; margin: 10px 0; }
@media print {
  :root { --ground: #ffffff; --card: #ffffff; --text: #000000; --faint: #333333; --line: #bbbbbb; --link: #000000; --notice: #ffffff; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  nav { display: none; }
  .figures { display: block; }
  figure { border: none; padding: 0; margin-bottom: 6mm; }
  figure svg { max-height: 78mm; }
  h2 { break-after: avoid; }
  tr { break-inside: avoid; }
  .table { overflow: visible; }
  table { font-size: 8pt; }
  th, .line { white-space: normal; }
  th, td, .number { padding-left: 0; padding-right: 2.5mm; min-width: 0; }
}
)css";

std::string anchor(std::size_t section) { return "section-" + std::to_string(section); }

std::string link_markup(const std::string& file, const std::string& text) {
  return "<a href=\"" + escaped(file) + "\">" + escaped(text) + "</a>";
}

constexpr std::size_t kOneLine = 40;  // characters of a cell that is not broken

bool begins_a_number(const std::string& text) {
  const std::size_t sign = text.starts_with('-') ? 1 : 0;
  return text.size() == sign || (text[sign] >= '0' && text[sign] <= '9') || text == "nan";
}

std::string table_markup(const Table& table) {
  std::vector<bool> numbers(table.head.size(), !table.rows.empty());
  for (const auto& cells : table.rows)
    for (std::size_t i = 0; i < cells.size(); ++i) numbers[i] = numbers[i] && begins_a_number(cells[i].text);
  std::string text = "<div class=\"table\"><table>\n";
  const auto open = [&](const std::string& tag, std::size_t column, bool one_line) {
    const bool number = numbers[column];
    if (!number && !one_line) return "<" + tag + ">";
    return "<" + tag + " class=\"" + (number ? "number" : "") + (number && one_line ? " " : "") +
           (one_line ? "line" : "") + "\">";
  };
  text += "<thead><tr>";
  for (std::size_t i = 0; i < table.head.size(); ++i) text += open("th", i, false) + escaped(table.head[i]) + "</th>";
  text += "</tr></thead>\n<tbody>\n";
  for (const auto& cells : table.rows) {
    text += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      text += open("td", i, cells[i].text.size() <= kOneLine) +
              (cells[i].link.empty() ? escaped(cells[i].text) : link_markup(cells[i].link, cells[i].text)) + "</td>";
    text += "</tr>\n";
  }
  return text + "</tbody>\n</table></div>\n";
}

void replace_all(std::string& text, std::string_view from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size())
    text.replace(at, from.size(), to);
}

// gnuplot's file as an element of a page: without its prolog, with names that no other picture has.
std::string inlined(const std::string& svg, const Plot& plot) {
  const std::size_t begin = svg.find("<svg");
  if (begin == std::string::npos) return "";
  std::string text = svg.substr(begin);
  for (const std::string reference : {"id='", "id=\"", "href='#", "url(#"})
    replace_all(text, reference, reference + plot.name + "-");
  return text.replace(0, 4, "<svg role=\"img\" aria-label=\"" + escaped(plot.title) + "\"");
}

// How many bytes the UTF-8 character at the begin of `text` has; 0 where it is none.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = byte(0) < 0x80   ? 1
                             : byte(0) < 0xC2 ? 0
                             : byte(0) < 0xE0 ? 2
                             : byte(0) < 0xF0 ? 3
                             : byte(0) < 0xF5 ? 4
                                              : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  const bool overlong = (byte(0) == 0xE0 && byte(1) < 0xA0) || (byte(0) == 0xF0 && byte(1) < 0x90);
  const bool beyond = (byte(0) == 0xED && byte(1) >= 0xA0) || (byte(0) == 0xF4 && byte(1) >= 0x90);
  return length > 1 && (overlong || beyond) ? 0 : length;
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    const char first = text.front();
    if (length == 0)
      result += "\uFFFD";
    else if (first == '&')
      result += "&amp;";
    else if (first == '<')
      result += "&lt;";
    else if (first == '>')
      result += "&gt;";
    else if (first == '"')
      result += "&quot;";
    else if (first == '\'')
      result += "&#39;";
    else if (length == 1 && ((first >= 0 && first < 0x20 && first != '\n') || first == 0x7F))
      result += ' ';
    else
      result += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return result;
}

void HtmlPage::close_figures() {
  if (std::exchange(in_figures_, false)) body_ += "</div>\n";
}

void HtmlPage::section(const std::string& heading) {
  close_figures();
  if (!headings_.empty()) body_ += "</section>\n";
  body_ += "<section id=\"" + anchor(headings_.size()) + "\">\n<h2>" + escaped(heading) + "</h2>\n";
  headings_.push_back(heading);
}

void HtmlPage::paragraph(const std::string& text) {
  close_figures();
  body_ += "<p>" + escaped(text) + "</p>\n";
}

void HtmlPage::notice(const std::string& text) {
  close_figures();
  body_ += "<p class=\"notice\">" + escaped(text) + "</p>\n";
}

void HtmlPage::figure(const Plot& plot, const Drawing& drawing, const std::string& folder) {
  if (!std::exchange(in_figures_, true)) body_ += "<div class=\"figures\">\n";
  const bool wide = std::holds_alternative<HeatMap>(plot.content);
  body_ += "<figure id=\"" + plot.name + "\"" + (wide ? " class=\"wide\"" : "") + ">\n";
  body_ += drawing.svg.empty()
               ? "<p><b>" + escaped(plot.title) + "</b>: not drawn. " + escaped(drawing.problem) + "</p>\n"
               : inlined(drawing.svg, plot);
  const std::string file = escaped(folder + "/" + plot.name);
  body_ += "<figcaption>" + escaped(plot.caption) + "<span class=\"files\">" + "<a href=\"" + file + ".csv\">" +
           plot.name + ".csv</a>, <a href=\"" + file + ".gp\">" + plot.name + ".gp</a>";
  if (!drawing.svg.empty()) body_ += ", <a href=\"" + file + ".svg\">" + plot.name + ".svg</a>";
  body_ += "</span></figcaption>\n</figure>\n";
}

void HtmlPage::table(const Table& table) {
  close_figures();
  body_ += table_markup(table);
}

void HtmlPage::folded_table(const std::string& summary, const Table& table) {
  close_figures();
  body_ += "<details><summary>" + escaped(summary) + "</summary>\n" + table_markup(table) + "</details>\n";
}

void HtmlPage::links(const std::vector<std::string>& files) {
  close_figures();
  body_ += "<p>";
  for (std::size_t i = 0; i < files.size(); ++i) body_ += (i == 0 ? "" : ", ") + link_markup(files[i], files[i]);
  body_ += "</p>\n";
}

std::string HtmlPage::text() const {
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      escaped(title_) + "</title>\n<style>" + std::string(kStyle) + "</style>\n</head>\n<body>\n<header>\n<h1>" +
      escaped(title_) + "</h1>\n<p>" + escaped(lead_) + "</p>\n<nav>";
  for (std::size_t i = 0; i < headings_.size(); ++i)
    page += "<a href=\"#" + anchor(i) + "\">" + escaped(headings_[i]) + "</a>\n";
  page += "</nav>\n</header>\n<main>\n" + body_;
  if (in_figures_) page += "</div>\n";
  if (!headings_.empty()) page += "</section>\n";
  return page + "</main>\n</body>\n</html>\n";
}

}  // namespace settle
