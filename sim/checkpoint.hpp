// Purpose: the state of a run on disk, from which the same command resumes, on any number of hosts, whatever number
// there were. One directory a checkpoint:
//   DIRECTORY/0000001200/host-N.npz      the tensors of host N's vertices, by name (checkpoint_shard.hpp)
//   DIRECTORY/0000001200/manifest.json   {"schema", "trial", "scalar", "shards": [{"file", "bytes", "sha256"}],
//                                         "progress": the caller's own JSON, "sha256": of the rest of this document}
// A checkpoint is valid when its manifest is in place, every sha256 agrees and no tensor is in two shards. `save` puts
// the files into 0000001200.TOKEN.tmp, the manifest last, makes them durable and renames that directory; nothing
// existing is touched before: whenever this program, another host or the machine stops, the new checkpoint or the
// previous one loads. (A trial saved twice gets a directory "0000001200-1".) After that, all but the `keep` newest
// valid checkpoints go. What an earlier `save` left unfinished is never loaded; the next one removes it.
// Thread rule: one user at a time; of several processes only the one that holds the run directory saves.
// Errors: CannotCreate, CannotWrite naming the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "graph/tensor.hpp"
#include "sim/file_system.hpp"

namespace settle {

template <class Scalar>
struct Checkpoint {
  std::filesystem::path path;
  std::uint64_t trial = 0;
  nlohmann::json progress;
  std::map<std::string, Tensor<Scalar>> tensors;  // of all hosts
};

class CheckpointStore {
 public:
  // Receives one line for each checkpoint that is refused, and each left-over that cannot be removed, with the cause.
  using Warn = std::function<void(const std::string&)>;

  // `directory` is made by the first save. Requires: keep >= 1.
  CheckpointStore(std::filesystem::path directory, std::size_t keep, Warn warn,
                  FileSystem& files = FileSystem::system());

  // Has all hosts keep their part on that order: Executor::save_parts with a shard_keeper<Scalar>.
  using SaveParts = std::function<std::vector<std::vector<char>>(std::span<const char> order)>;

  // Errors: also what `save_parts` throws.
  template <class Scalar>
  void save(std::uint64_t trial, const nlohmann::json& progress, const SaveParts& save_parts);

  // The newest valid checkpoint of that scalar type; invalid newer ones are refused through `warn`. Empty: there is
  // none. Errors: BadData where there are some and all are invalid, so that nobody begins anew over them.
  template <class Scalar>
  std::optional<Checkpoint<Scalar>> load_latest();

 private:
  void remove_unfinished();
  void prune();
  bool is_valid(const std::filesystem::path& checkpoint);

  std::filesystem::path directory_;
  std::size_t keep_;
  Warn warn_;
  FileSystem& files_;
  std::map<std::filesystem::path, bool> verdicts_;  // so that each checkpoint is read through at most once
};

}  // namespace settle
