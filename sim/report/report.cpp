#include "sim/report/report.hpp"

#include <nlohmann/json.hpp>

#include "graph/error.hpp"
#include "sim/report/run_report.hpp"
#include "sim/report/study_report.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"

namespace settle {
namespace {

nlohmann::json read_manifest(const std::filesystem::path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(directory, unknown))
    throw MissingInput(directory.string() +
                       ": there is no such directory; give that of a run or a study (runs/fashion_mlp)");
  std::optional<nlohmann::json> manifest = read_run_manifest(directory);
  if (!manifest)
    throw BadData(directory.string() +
                  ": is no run's or study's directory: it has no manifest.json; give one that has (runs/fashion_mlp)");
  return std::move(*manifest);
}

}  // namespace

ReportOutcome write_report(const std::filesystem::path& directory) {
  const nlohmann::json manifest = read_manifest(directory);
  try {
    return is_study(manifest) ? write_study_report(directory, manifest) : write_run_report(directory, manifest);
  } catch (const nlohmann::json::exception& error) {
    throw BadData(directory.string() +
                  ": manifest.json or result.json is not what a run or a study writes: " + error.what());
  }
}

}  // namespace settle
