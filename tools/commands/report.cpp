#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/report/report.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"json", "", "print the page's path and how many pictures were drawn as one line of JSON"},
};

constexpr std::string_view kDetails =
    "Makes report.html in the directory of a run or a study, finished or not: pictures, tables and the manifest in "
    "one\n"
    "file that needs no network. `settle run` and `settle study` make it at their ends; this makes it again, also "
    "while\n"
    "they are going on. Of a study it draws means of repeats with 95 % intervals, as [study] says (settle help "
    "study).\n"
    "DIR/report keeps the data (.csv) and the gnuplot script (.gp) of every picture: copy a script and restyle it.\n"
    "Without gnuplot (Debian: gnuplot-nox) the page comes without pictures.\n\n"
    "  settle report runs/fashion_mlp\n"
    "  settle report runs/study_rules\n"
    "  settle report runs/study_rules/rows/0001/run\n";

int report(const Arguments& arguments) {
  const Options options(arguments);
  const ReportOutcome outcome = write_report(options.word("DIR"));
  if (!outcome.problem.empty()) std::cerr << "warning: " << outcome.problem << "\n";
  if (options.has("json"))
    std::cout << nlohmann::json{{"report", outcome.page.string()},
                                {"figures", outcome.figures},
                                {"drawn", outcome.drawn}}
                     .dump()
              << "\n";
  else
    std::cout << outcome.page.string() << "\n";
  return 0;
}

}  // namespace

extern const Command kReportCommand = {
    "report", "DIR [--json]", "make report.html of a run or a study", kOptions, kDetails, report,
};

}  // namespace settle
