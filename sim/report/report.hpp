// Purpose: report.html of a run or of a study, from its directory alone: also of one that is not finished, is going on,
// or diverged.
//   report.html  the page, one self-contained file
//   report/      of every picture the data (.csv), the gnuplot script (.gp) and the SVG
// Both are made anew each time; the same directory makes the same bytes. Without gnuplot the page comes with tables and
// says what is missing.
// Callers: `settle run` and `settle study` at their ends, `settle report`. Thread rule: one caller a directory; takes
// no lock.
// Errors: MissingInput where the directory or its manifest is not there; BadData where a file of it cannot be
// understood; CannotCreate, CannotWrite.
#pragma once

#include <filesystem>
#include <string>

namespace settle {

struct ReportOutcome {
  std::filesystem::path page;
  std::size_t figures = 0;  // that it has
  std::size_t drawn = 0;
  std::string problem;  // why the first of the others was not drawn
};

ReportOutcome write_report(const std::filesystem::path& directory);

}  // namespace settle
