#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/report/run_report.hpp"
#include "tools/options.hpp"

namespace settle {
namespace {

constexpr Option kOptions[] = {
    {"json", "", "print the page's path and how many pictures were drawn as one line of JSON"},
};

constexpr std::string_view kDetails =
    "Makes report.html in the directory of a run, finished or not: curves, tables and the manifest in one file that\n"
    "needs no network. `settle run` makes it at its end; this makes it again, also of a run that is going on.\n"
    "DIR/report keeps the data (.csv) and the gnuplot script (.gp) of every picture: copy a script and restyle it.\n"
    "Without gnuplot (Debian: gnuplot-nox) the page comes without pictures.\n\n"
    "  settle report runs/fashion_mlp\n";

int report(const Arguments& arguments) {
  const Options options(arguments);
  const ReportOutcome outcome = write_run_report(options.word("DIR"));
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
    "report", "DIR [--json]", "make report.html of a run", kOptions, kDetails, report,
};

}  // namespace settle
