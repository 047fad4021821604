#include "sim/checkpoint_manifest.hpp"

#include "graph/error.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

constexpr int kSchema = 1;
constexpr const char* kUnfinished = "this checkpoint was never finished";

}  // namespace

std::string CheckpointManifest::to_text() const {
  nlohmann::json document = {{"schema", kSchema}, {"trial", trial}, {"scalar", scalar}, {"progress", progress}};
  document["shards"] = nlohmann::json::array();
  for (const CheckpointShard& shard : shards)
    document["shards"].push_back({{"file", shard.file}, {"bytes", shard.bytes}, {"sha256", shard.sha256}});
  document["sha256"] = sha256_of(document.dump());
  return document.dump(2) + "\n";
}

CheckpointManifest CheckpointManifest::read(const std::filesystem::path& checkpoint) {
  const std::filesystem::path path = checkpoint / kFileName;
  const std::string text = read_text(path, kUnfinished);
  try {
    nlohmann::json document = nlohmann::json::parse(text);
    if (document.at("schema") != kSchema)
      throw BadData(path.string() + ": schema " + document.at("schema").dump() + " is not known to this version");
    const std::string expected = document.at("sha256").get<std::string>();
    document.erase("sha256");
    if (sha256_of(document.dump()) != expected)
      throw BadData(path.string() + ": its own sha256 does not agree with its content");
    CheckpointManifest manifest;
    document.at("trial").get_to(manifest.trial);
    document.at("scalar").get_to(manifest.scalar);
    manifest.progress = document.at("progress");
    for (const nlohmann::json& shard : document.at("shards"))
      manifest.shards.push_back({shard.at("file").get<std::string>(), shard.at("bytes").get<std::uint64_t>(),
                                 shard.at("sha256").get<std::string>()});
    return manifest;
  } catch (const nlohmann::json::exception& error) {
    throw BadData(path.string() + ": no sound manifest: " + error.what());
  }
}

}  // namespace settle
