#include "sim/checkpoint_shard.hpp"

#include <set>

#include "actors/wire/bytes.hpp"
#include "graph/error.hpp"
#include "sim/npz.hpp"
#include "sim/read_file.hpp"
#include "sim/sha256.hpp"

namespace settle {
namespace {

// Of a host: size and sha256 of its shard, then the shard itself where it does not see the directory.
struct Answer {
  std::uint64_t bytes = 0;
  std::string sha256;
  std::span<const char> content;
};

Bytes to_bytes(const Answer& answer) {
  Bytes bytes;
  ByteWriter writer(bytes);
  writer.number(answer.bytes);
  writer.text(answer.sha256);
  append(bytes, answer.content);
  return bytes;
}

// Borrows `bytes`. Errors: BadData.
Answer to_answer(std::span<const char> bytes) {
  ByteReader reader(bytes);
  Answer answer;
  answer.bytes = reader.number<std::uint64_t>();
  answer.sha256 = reader.text();
  answer.content = reader.take(reader.remaining());
  return answer;
}

}  // namespace

std::string shard_name(HostId host) { return "host-" + std::to_string(host) + ".npz"; }

template <class Scalar>
PartKeeper<Scalar> shard_keeper(FileSystem& files) {
  return [&files](HostId self, const State<Scalar>& own, std::span<const char> order) {
    NamedViews<Scalar> views;
    for (const auto& [name, tensor] : own) views.emplace(name, tensor.view());
    const std::vector<std::byte> file = npz_bytes(views);
    Answer answer{file.size(), sha256_of(file), {}};
    const std::filesystem::path directory(order.begin(), order.end());
    std::error_code unseen;
    if (std::filesystem::is_directory(directory, unseen))
      files.write_durably(directory / shard_name(self), file);
    else
      answer.content = {reinterpret_cast<const char*>(file.data()), file.size()};
    return to_bytes(answer);
  };
}

std::vector<CheckpointShard> gather_shards(std::span<const std::vector<char>> answers,
                                           const std::filesystem::path& directory, FileSystem& files) {
  std::vector<CheckpointShard> shards;
  for (const std::vector<char>& bytes : answers) {
    const auto host = static_cast<HostId>(shards.size());
    const auto answer = to_answer(bytes);
    const std::filesystem::path path = directory / shard_name(host);
    if (!answer.content.empty()) files.write_durably(path, std::as_bytes(answer.content));
    std::error_code unseen;
    if (std::filesystem::file_size(path, unseen) != answer.bytes)
      throw CannotWrite(path.string() + ": host " + std::to_string(host) + " has written " +
                        std::to_string(answer.bytes) +
                        " bytes here, which host 0 does not see: give the hosts one file system, or each its own");
    shards.push_back({shard_name(host), answer.bytes, answer.sha256});
  }
  return shards;
}

void check_shard_names(const std::filesystem::path& checkpoint, const CheckpointManifest& manifest) {
  std::set<std::string> names;
  for (const CheckpointShard& shard : manifest.shards) {
    const std::string name = shard_name(static_cast<HostId>(names.size()));
    if (shard.file != name)
      throw BadData((checkpoint / CheckpointManifest::kFileName).string() + ": names the shard '" + shard.file +
                    "' where " + name + " should be");
    names.insert(name);
  }
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(checkpoint, none))
    if (entry.path().extension() == ".npz" && !names.contains(entry.path().filename().string()))
      throw BadData(entry.path().string() + ": is none of the " + std::to_string(names.size()) +
                    " shards of this checkpoint; move it away");
}

std::vector<std::byte> shard_content(const std::filesystem::path& checkpoint, const CheckpointShard& shard) {
  const std::filesystem::path path = checkpoint / shard.file;
  std::vector<std::byte> content = read_file(path, "a checkpoint needs the shards of all its hosts: put it back");
  if (content.size() != shard.bytes)
    throw BadData(path.string() + ": " + std::to_string(content.size()) + " bytes long, the manifest says " +
                  std::to_string(shard.bytes));
  if (sha256_of(content) != shard.sha256)
    throw BadData(path.string() + ": its sha256 is not the manifest's (the file has changed since it was written)");
  return content;
}

template <class Scalar>
void read_shard(const std::filesystem::path& checkpoint, const CheckpointShard& shard,
                std::map<std::string, Tensor<Scalar>>& tensors) {
  const std::vector<std::byte> content = shard_content(checkpoint, shard);
  const std::string path = (checkpoint / shard.file).string();
  const NpzReader reader(content, path);
  for (const std::string& name : reader.names())
    if (!tensors.emplace(name, reader.read(name).template to<Scalar>()).second)
      throw BadData(path + ": holds '" + name + "', which an earlier shard holds too");
}

template PartKeeper<float> shard_keeper(FileSystem&);
template PartKeeper<double> shard_keeper(FileSystem&);
template void read_shard(const std::filesystem::path&, const CheckpointShard&, std::map<std::string, Tensor<float>>&);
template void read_shard(const std::filesystem::path&, const CheckpointShard&, std::map<std::string, Tensor<double>>&);

}  // namespace settle
