#include "sim/report/page_parts.hpp"

#include "sim/report/text.hpp"
#include "sim/run_directory.hpp"

namespace settle {

using Json = nlohmann::json;

namespace {

// As a shell reads it: in quotes where it has to be.
std::string shell_word(const std::string& word) {
  constexpr std::string_view kPlain = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-+=:,./@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

}  // namespace

Json report_manifest(const std::filesystem::path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(directory, unknown))
    throw MissingInput(directory.string() +
                       ": there is no such directory; give that of a run or a study (runs/fashion_mlp)");
  std::optional<Json> manifest = read_run_manifest(directory);
  if (!manifest)
    throw BadData(directory.string() +
                  ": is no run's or study's directory: it has no manifest.json; give one that has (runs/fashion_mlp)");
  return std::move(*manifest);
}

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
  for (const Json& word : run_manifest.at("argv")) text += (text.empty() ? "" : " ") + shell_word(word);
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
