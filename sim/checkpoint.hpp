// Purpose: the state of a run on disk, from which the same command resumes. One directory a checkpoint:
//   DIRECTORY/0000001200/host-0.npz      the tensors, by name
//   DIRECTORY/0000001200/manifest.json   {"schema", "trial", "scalar", "shards": [{"file", "bytes", "sha256"}],
//                                         "progress": the caller's own JSON, "sha256": of the rest of this document}
// A checkpoint is valid when its manifest is in place and every sha256 agrees. The manifest is the last file that
// `save` puts there, each file is durable before the next, and nothing existing is touched before all are: whenever the
// program or the machine stops, the new checkpoint or the previous one loads. (A trial saved twice gets a directory
// "0000001200-1".) After that, all but the `keep` newest valid checkpoints go.
// Thread rule: one user at a time. Errors: CannotCreate, CannotWrite naming the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "graph/tensor.hpp"
#include "sim/file_system.hpp"
#include "sim/npz.hpp"

namespace settle {

template <class Scalar>
struct Checkpoint {
  std::uint64_t trial = 0;
  nlohmann::json progress;
  std::map<std::string, Tensor<Scalar>> tensors;
};

class CheckpointStore {
 public:
  // Receives one line for each checkpoint that is refused, naming it and the cause.
  using Warn = std::function<void(const std::string&)>;

  // `directory` is made by the first save. Requires: keep >= 1.
  CheckpointStore(std::filesystem::path directory, std::size_t keep, Warn warn,
                  FileSystem& files = FileSystem::system());

  template <class Scalar>
  void save(std::uint64_t trial, const NamedViews<Scalar>& tensors, const nlohmann::json& progress);

  // The newest valid checkpoint of that scalar type; invalid newer ones are refused through `warn`. Empty: none.
  template <class Scalar>
  std::optional<Checkpoint<Scalar>> load_latest();

 private:
  void prune();
  bool is_valid(const std::filesystem::path& checkpoint);

  std::filesystem::path directory_;
  std::size_t keep_;
  Warn warn_;
  FileSystem& files_;
  std::map<std::filesystem::path, bool> verdicts_;  // so that each checkpoint is read through at most once
};

}  // namespace settle
