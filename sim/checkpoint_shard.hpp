// Purpose: one host's part of a checkpoint: what its own vertices keep (actors/state.hpp), as host-N.npz. Host 0 asks
// all hosts at once (Executor::save_parts) and names a directory that it has just made, under a name that nobody can
// guess: a host that finds it there shares host 0's file system and writes its shard itself; any other one sends the
// file back, and host 0 writes it. Callers: CheckpointStore, workers. Thread rule: pure but for the files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "actors/executor.hpp"
#include "sim/checkpoint_manifest.hpp"
#include "sim/file_system.hpp"

namespace settle {

// "host-3.npz"
std::string shard_name(HostId host);

// What every host does with the order, which is the absolute path of the directory. Errors: CannotCreate, CannotWrite.
template <class Scalar>
PartKeeper<Scalar> shard_keeper(FileSystem& files = FileSystem::system());

// What such keepers have answered, by host, as the manifest lists it; what came with the answers is in the directory
// then, too. Errors: CannotCreate, CannotWrite, also of a shard that its host has written and that is not there.
std::vector<CheckpointShard> gather_shards(std::span<const std::vector<char>> answers,
                                           const std::filesystem::path& directory, FileSystem& files);

// Errors: BadData where the manifest's shards are not those of hosts 0, 1, 2, ..., each once, or where the checkpoint
// has a file of tensors that is none of them.
void check_shard_names(const std::filesystem::path& checkpoint, const CheckpointManifest& manifest);

// The content of one shard, checked against the manifest. Errors: MissingInput, BadData naming the file.
std::vector<std::byte> shard_content(const std::filesystem::path& checkpoint, const CheckpointShard& shard);

// Adds the tensors of one shard. Errors: as above, and BadData naming a tensor that is there already.
template <class Scalar>
void read_shard(const std::filesystem::path& checkpoint, const CheckpointShard& shard,
                std::map<std::string, Tensor<Scalar>>& tensors);

}  // namespace settle
