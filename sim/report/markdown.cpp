#include "sim/report/markdown.hpp"

#include <algorithm>

namespace settle {
namespace {

constexpr std::string_view kSpecial = "\\`*[]<>|&";

std::string line_of(const std::vector<std::string>& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += " " + cell + " |";
  return line + "\n";
}

}  // namespace

std::string markdown_text(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (kSpecial.find(c) != std::string_view::npos) result += '\\';
    result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return result;
}

std::string markdown_verbatim(std::string_view text) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) result += "    ";
    for (const char c : text.substr(begin, end - begin)) result += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    result += '\n';
    begin = end + 1;
  }
  return result;
}

std::string markdown_table(const Table& table) {
  std::vector<std::string> head;
  for (const std::string& name : table.head) head.push_back(markdown_text(name));
  std::string text = line_of(head) + line_of(std::vector<std::string>(head.size(), "---"));
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> cells;
    for (const Cell& cell : row) cells.push_back(markdown_text(cell.text));
    text += line_of(cells);
  }
  return text;
}

std::string markdown_picture(const Plot& plot, const std::string& file) {
  return "![" + markdown_text(plot.title) + "](" + file + ")\n\n" + markdown_text(plot.caption) + "\n";
}

}  // namespace settle
