#include "sim/report/report.hpp"

#include "sim/report/page_parts.hpp"
#include "sim/report/run_report.hpp"
#include "sim/report/study_report.hpp"
#include "sim/run_manifest.hpp"

namespace settle {

ReportOutcome write_report(const std::filesystem::path& directory) {
  return with_manifest(directory, [&](const nlohmann::json& manifest) {
    return is_study(manifest) ? write_study_report(directory, manifest) : write_run_report(directory, manifest);
  });
}

}  // namespace settle
