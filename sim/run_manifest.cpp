#include "sim/run_manifest.hpp"

#include <sys/utsname.h>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr int kSchema = 1;

nlohmann::json this_host() {
  utsname names{};
  ::uname(&names);
  return {{"name", names.nodename},
          {"system", std::string(names.sysname) + " " + names.release},
          {"processor_architecture", names.machine}};
}

// Calls `read`; a manifest of another shape is bad data.
template <class Read>
auto reading(const std::string& place, Read read) {
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    throw BadData(place + ": no manifest of a run: " + error.what());
  }
}

}  // namespace

nlohmann::json run_manifest(const RunConfig& config, const std::vector<std::string>& argv,
                            std::span<const InputFile> inputs, const std::map<std::string, std::string>& versions) {
  nlohmann::json keys = nlohmann::json::object();
  for (const auto& [key, value] : config.resolved) keys[key] = {{"value", value.text}, {"origin", value.origin}};
  nlohmann::json files = nlohmann::json::array();
  for (const InputFile& input : inputs) files.push_back({{"path", input.path.string()}, {"sha256", input.sha256}});
  return {{"schema", kSchema},
          {"argv", argv},
          {"config", std::move(keys)},
          {"seed", config.run.seed},
          {"inputs", std::move(files)},
          {"versions", versions},
          {"hosts", nlohmann::json::array({this_host()})}};
}

bool is_study(const nlohmann::json& manifest) {
  return manifest.is_object() && manifest.value("kind", nlohmann::json()) == "study";
}

void refuse_study(const nlohmann::json& manifest, const std::string& place) {
  if (is_study(manifest)) throw BadData(place + ": is a study's, whose runs are in rows/NUMBER/run; give one of those");
}

ResolvedTexts resolved_texts(const nlohmann::json& manifest, const std::string& place) {
  refuse_study(manifest, place);
  return reading(place, [&] {
    ResolvedTexts texts;
    for (const auto& [key, value] : manifest.at("config").items()) texts[key] = value.at("value").get<std::string>();
    return texts;
  });
}

void check_same_inputs(const nlohmann::json& manifest, std::span<const InputFile> inputs, const std::string& place) {
  reading(place, [&] {
    for (const nlohmann::json& before : manifest.at("inputs"))
      for (const InputFile& now : inputs)
        if (before.at("path") == now.path.string() && before.at("sha256") != now.sha256)
          throw BadData(now.path.string() + ": has changed since the run in " + place +
                        " began; bring the old file back, or give another --run.directory");
  });
}

}  // namespace settle
