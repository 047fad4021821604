#include "tools/report_at_end.hpp"

#include <cstdio>

#include "graph/error.hpp"
#include "sim/report/report.hpp"

namespace settle {

void report_at_end(const std::filesystem::path& directory) {
  try {
    const ReportOutcome outcome = write_report(directory);
    if (!outcome.problem.empty()) std::fprintf(stderr, "warning: report.html: %s\n", outcome.problem.c_str());
  } catch (const Error& error) {
    std::fprintf(stderr, "warning: no report.html: %s\n", error.what());
  }
}

}  // namespace settle
