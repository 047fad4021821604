// Purpose: draws pictures into a page and counts what came of it. Caller: reports. Thread rule: one user.
#pragma once

#include <filesystem>

#include "sim/report/html.hpp"
#include "sim/report/report.hpp"

namespace settle {

class FigureSheet {
 public:
  // Pictures go to DIRECTORY/report; the page is DIRECTORY/report.html.
  FigureSheet(const std::filesystem::path& directory, HtmlPage& page);

  void add(const Plot& plot);
  // Writes the page.
  ReportOutcome finish();

 private:
  std::filesystem::path directory_;
  HtmlPage& page_;
  ReportOutcome outcome_;
};

}  // namespace settle
