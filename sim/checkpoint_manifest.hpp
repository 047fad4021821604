// Purpose: the document that makes a checkpoint directory valid: what it holds, with sha256 of each shard and of the
// document itself, so that a flipped bit anywhere is noticed. Callers: checkpoint, checkpoint_shard. Thread rule: value
// types.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace settle {

// One host's part (checkpoint_shard.hpp).
struct CheckpointShard {
  std::string file;
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct CheckpointManifest {
  static constexpr const char* kFileName = "manifest.json";

  std::uint64_t trial = 0;
  std::string scalar;
  std::vector<CheckpointShard> shards;  // of hosts 0, 1, 2, ...
  nlohmann::json progress;

  std::string to_text() const;
  // Errors: MissingInput, BadData naming the file and the cause.
  static CheckpointManifest read(const std::filesystem::path& checkpoint);
};

}  // namespace settle
