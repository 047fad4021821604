#include "sim/report/run_record.hpp"

#include "sim/report/metrics.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"

namespace settle {

StudyRecord record_of_run(const std::filesystem::path& directory, const nlohmann::json& manifest) {
  std::error_code unknown;
  StudyRecordRow row;
  row.values = {manifest.at("config").at("rule.name").at("value").get<std::string>()};
  row.results = row.timings = nlohmann::ordered_json::object();
  if (const std::optional<nlohmann::json> result = read_run_result(directory)) {
    row.state = StudyRecordRow::State::ok;
    for (const auto& [name, value] : result->items()) row.results[name] = value;
  } else if (const std::filesystem::path file = directory / "metrics.jsonl";
             std::filesystem::exists(file, unknown) && read_metrics(file).diverged) {
    row.state = StudyRecordRow::State::diverged;
  }
  return {directory, "train", {"rule.name"}, {"rule.name", {}, {}, false, false}, {row}};
}

StudyRecord record_of(const std::filesystem::path& directory, const nlohmann::json& manifest) {
  return is_study(manifest) ? read_study(directory, manifest) : record_of_run(directory, manifest);
}

}  // namespace settle
