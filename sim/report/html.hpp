// Purpose: a page of a report: one self-contained HTML file, without scripts and without anything that is loaded from
// elsewhere; readable on paper and in a dark window. Everything that comes in is text and is escaped here, but for the
// SVGs, which are gnuplot's. Caller: reports. Thread rule: one user.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/gnuplot.hpp"

namespace settle {

// With & < > " ' and control characters as HTML wants them; what is no UTF-8 becomes U+FFFD.
std::string escaped(std::string_view text);

struct Cell {
  std::string text;
  std::string link = {};  // to a file beside the page

  Cell(std::string words) : text(std::move(words)) {}
  Cell(const char* words) : text(words) {}
  Cell(std::string words, std::string file) : text(std::move(words)), link(std::move(file)) {}
};

// A column of numbers is set to the right.
struct Table {
  std::vector<std::string> head;
  std::vector<std::vector<Cell>> rows;
};

class HtmlPage {
 public:
  HtmlPage(std::string title, std::string lead) : title_(std::move(title)), lead_(std::move(lead)) {}

  void section(const std::string& heading);
  void paragraph(const std::string& text);
  // A sentence that the reader must not miss.
  void notice(const std::string& text);
  // `folder`: where the plot's files are, relative to the page.
  void figure(const Plot& plot, const Drawing& drawing, const std::string& folder);
  void table(const Table& table);
  // The same, shown when it is opened; on paper always open where the reader left it so.
  void folded_table(const std::string& summary, const Table& table);
  // Links to files beside the page.
  void links(const std::vector<std::string>& files);

  std::string text() const;

 private:
  void close_figures();

  std::string title_;
  std::string lead_;
  std::vector<std::string> headings_;
  std::string body_;
  bool in_figures_ = false;
};

}  // namespace settle
