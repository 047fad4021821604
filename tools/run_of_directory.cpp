#include "tools/run_of_directory.hpp"

#include "graph/error.hpp"
#include "sim/config/load.hpp"
#include "sim/config/resume.hpp"
#include "sim/run_directory.hpp"
#include "sim/run_manifest.hpp"

namespace settle {

RunConfig config_of_run(const std::filesystem::path& directory, const std::vector<std::string>& settings) {
  const std::filesystem::path file = directory / "manifest.json";
  const std::optional<nlohmann::json> manifest = read_run_manifest(directory);
  if (!manifest) throw MissingInput(file.string() + ": no such file; give the directory of a run: runs/fashion_mlp");
  std::vector<std::string> arguments;
  for (const auto& [key, text] : resolved_texts(*manifest, file.string()))
    if (!text.empty() && key != "run.directory") arguments.push_back("--" + key + "=" + text);
  arguments.push_back("--run.directory=" + std::filesystem::absolute(directory).string());
  arguments.insert(arguments.end(), settings.begin(), settings.end());
  return load_run_config({file, arguments, {}}, "");
}

}  // namespace settle
