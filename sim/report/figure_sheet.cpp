#include "sim/report/figure_sheet.hpp"

#include "sim/atomic_file.hpp"

namespace settle {
namespace {

constexpr const char* kFolder = "report";

}  // namespace

FigureSheet::FigureSheet(const std::filesystem::path& directory, HtmlPage& page) : directory_(directory), page_(page) {
  outcome_.page = directory / "report.html";
  FileSystem::system().make_directory(directory / kFolder);
}

void FigureSheet::add(const Plot& plot) {
  const Drawing drawing = draw(plot, directory_ / kFolder);
  page_.figure(plot, drawing, kFolder);
  ++outcome_.figures;
  if (drawing.problem.empty())
    ++outcome_.drawn;
  else if (outcome_.problem.empty())
    outcome_.problem = drawing.problem;
}

ReportOutcome FigureSheet::finish() {
  write_file_atomically(outcome_.page, page_.text());
  return outcome_;
}

}  // namespace settle
