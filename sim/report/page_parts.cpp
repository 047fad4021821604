#include "sim/report/page_parts.hpp"

#include "sim/report/text.hpp"

namespace settle {

using Json = nlohmann::json;

std::string json_text(const Json& json) {
  if (json.is_null()) return "-";
  if (json.is_string()) return json.get<std::string>();
  return json.is_number_float() ? short_text(json.get<double>()) : json.dump();
}

std::string directory_name(const std::filesystem::path& directory) {
  const std::filesystem::path whole = std::filesystem::absolute(directory).lexically_normal();
  return (whole.has_filename() ? whole : whole.parent_path()).filename().string();
}

std::string command_text(const Json& run_manifest) {
  std::string text;
  for (const Json& word : run_manifest.at("argv")) text += (text.empty() ? "" : " ") + word.get<std::string>();
  return text;
}

void add_inputs_and_versions(HtmlPage& page, const Json& run_manifest) {
  Table inputs{{"input", "sha256"}, {}};
  for (const Json& input : run_manifest.at("inputs"))
    inputs.rows.push_back({json_text(input.at("path")), json_text(input.at("sha256"))});
  if (!inputs.rows.empty()) page.table(inputs);
  Table versions{{"program", "version"}, {}};
  for (const auto& [name, version] : run_manifest.at("versions").items())
    versions.rows.push_back({name, json_text(version)});
  page.folded_table("Versions", versions);
}

}  // namespace settle
