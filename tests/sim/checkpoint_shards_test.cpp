// A checkpoint of several hosts: each has its shard, whoever writes it, and all of them are one state again.
#include "sim/checkpoint_shard.hpp"

#include "sim/npz.hpp"
#include "sim/sha256.hpp"
#include "tests/sim/sharded_store.hpp"

using namespace settle;

namespace {

using Kind = FailingFileSystem::Kind;

std::set<std::string> all_in(const std::filesystem::path& folder) {
  const std::vector<std::string> names = names_in(folder);
  return {names.begin(), names.end()};
}

const std::vector<std::string> kThreeShards{"host-0.npz", "host-1.npz", "host-2.npz"};

// Replaces a shard by one with these tensors, under which the manifest has its sha256.
void replace_shard(const std::filesystem::path& checkpoint, std::size_t host, const std::vector<std::size_t>& numbers) {
  NamedViews<float> views;
  std::map<std::size_t, Tensor<float>> tensors;
  for (const std::size_t k : numbers) {
    tensors.emplace(k, tensor_of_trial(200, k));
    views.emplace(names_of_run()[k], tensors.at(k).view());
  }
  const std::vector<std::byte> file = npz_bytes(views);
  CheckpointManifest manifest = CheckpointManifest::read(checkpoint);
  CheckpointShard& shard = manifest.shards[host];
  put(checkpoint / shard.file, file);
  shard.bytes = file.size();
  shard.sha256 = sha256_of(file);
  put(checkpoint / "manifest.json", manifest.to_text());
}

void rename_shard(const std::filesystem::path& checkpoint, std::size_t host, const std::string& name) {
  CheckpointManifest manifest = CheckpointManifest::read(checkpoint);
  std::filesystem::copy_file(checkpoint / manifest.shards[host].file, checkpoint / "copy");
  std::filesystem::rename(checkpoint / "copy", checkpoint / name);
  manifest.shards[host].file = name;
  put(checkpoint / "manifest.json", manifest.to_text());
}

}  // namespace

TEST_CASE("shards: what any number of hosts has saved is the whole state again, more hosts than tensors included") {
  for (const HostId hosts : {1U, 2U, 3U, 5U}) {
    CAPTURE(hosts);
    const Scratch scratch;
    ShardedStore(scratch / "checkpoints", 2, hosts).save(100);
    CHECK(ShardedStore(scratch / "checkpoints", 2).load() == 100);
    std::set<std::string> expected{"manifest.json"};
    for (HostId host = 0; host < hosts; ++host) expected.insert("host-" + std::to_string(host) + ".npz");
    CHECK(all_in(scratch / "checkpoints" / "0000000100") == expected);
  }
}

TEST_CASE("shards: of a host that does not see the directory host 0 writes the same file") {
  const Scratch scratch;
  ShardedStore together(scratch / "together", 2, 3);
  together.save(100);
  for (const std::set<HostId>& apart : {std::set<HostId>{1}, std::set<HostId>{1, 2}}) {
    ShardedStore store(scratch / ("apart" + std::to_string(apart.size())), 2, 3);
    store.apart = apart;
    store.save(100);
    CHECK(store.load() == 100);
    for (const std::string& name : kThreeShards) {
      const std::filesystem::path inside = std::filesystem::path("0000000100") / name;
      CHECK(get(scratch / ("apart" + std::to_string(apart.size())) / inside) == get(scratch / "together" / inside));
    }
  }
}

TEST_CASE("shards: a host that writes where host 0 does not look is told, and nothing is left") {
  const Scratch scratch;
  ShardedStore store(scratch / "checkpoints", 2, 2);
  store.save(100);
  const auto save = [&] {
    store.store.save<float>(200, {}, [&](std::span<const char> order) {
      std::vector<std::vector<char>> answers;
      for (const HostId host : {0U, 1U}) answers.push_back(shard_keeper<float>()(host, store.part(200, host), order));
      std::filesystem::remove(std::filesystem::path(order.begin(), order.end()) / "host-1.npz");
      return answers;
    });
  };
  const std::string error = thrown_by(save);
  CHECK(error.starts_with("74: " + (scratch / "checkpoints" / "0000000200.").string()));
  CHECK(error.find("host-1.npz: host 1 has written ") != std::string::npos);
  CHECK(all_in(scratch / "checkpoints") == std::set<std::string>{"0000000100"});
  CHECK(store.load() == 100);
}

TEST_CASE("shards: a checkpoint whose shards do not fit together is refused by file, and the one before it is used") {
  struct Damage {
    const char* words;
    std::function<void(const std::filesystem::path&)> inflict;
  };
  const Damage damages[] = {
      {"host-1.npz: no such file; a checkpoint needs the shards of all its hosts",
       [](const auto& path) { std::filesystem::remove(path / "host-1.npz"); }},
      {"host-2.npz: 100 bytes long", [](const auto& path) { std::filesystem::resize_file(path / "host-2.npz", 100); }},
      {"host-1.npz: its sha256 is not the manifest's",
       [](const auto& path) {
         std::string content = get(path / "host-1.npz");
         content[300] = static_cast<char>(content[300] ^ 1);
         put(path / "host-1.npz", content);
       }},
      {"manifest.json: names the shard 'part-1.npz' where host-1.npz should be",
       [](const auto& path) { rename_shard(path, 1, "part-1.npz"); }},
      {"manifest.json: names the shard '../host-2.npz' where host-2.npz should be",
       [](const auto& path) { rename_shard(path, 2, "../host-2.npz"); }},
      {"manifest.json: names the shard 'host-0.npz' where host-1.npz should be",
       [](const auto& path) { rename_shard(path, 1, "host-0.npz"); }},
      {"host-3.npz: is none of the 3 shards of this checkpoint; move it away",
       [](const auto& path) { std::filesystem::copy_file(path / "host-1.npz", path / "host-3.npz"); }},
      {"host-2.npz: holds 'h1.weight/adam_mean', which an earlier shard holds too",
       [](const auto& path) {
         replace_shard(path, 2, {1, 2});
       }},
  };
  for (const Damage& damage : damages) {
    CAPTURE(std::string(damage.words));
    const Scratch scratch;
    ShardedStore(scratch / "checkpoints", 2, 3).save(100);
    ShardedStore(scratch / "checkpoints", 2, 3).save(200);
    damage.inflict(scratch / "checkpoints" / "0000000200");
    ShardedStore store(scratch / "checkpoints", 2, 3);
    CHECK(store.load() == 100);
    REQUIRE(store.warnings.size() == 1);
    CHECK_MESSAGE(store.warnings[0].find("0000000200/" + std::string(damage.words)) != std::string::npos,
                  store.warnings[0]);
  }
}

TEST_CASE("shards: a host that is lost in any step of its shard leaves the checkpoint before it, and nothing else") {
  for (const HostId lost : {1U, 2U})
    for (std::size_t stop_at = 0;; ++stop_at) {
      CAPTURE(lost);
      CAPTURE(stop_at);
      const Scratch scratch;
      FailingFileSystem files(stop_at, Kind::crash);
      ShardedStore store(scratch / "checkpoints", 2, 3);
      store.save(100);
      store.files[lost] = &files;
      const std::string error = thrown_by([&] { store.save(200); });
      if (error == "nothing") {
        CHECK(stop_at == 3);  // create, write, fsync
        CHECK(store.load() == 200);
        break;
      }
      CHECK(error == "69: host " + std::to_string(lost) + " is lost");
      CHECK(all_in(scratch / "checkpoints") == std::set<std::string>{"0000000100"});
      CHECK(store.load() == 100);
      store.files[lost] = store.files[0];
      store.save(200);
      CHECK(store.load() == 200);
    }
}

TEST_CASE("shards: what was left unfinished is not loaded, stays where one only reads, and goes at the next save") {
  const Scratch scratch;
  const std::filesystem::path folder = scratch / "checkpoints";
  ShardedStore store(folder, 2, 3);
  store.save(100);
  std::filesystem::copy(folder / "0000000100", folder / "0000000200.0123456789ABCDEF0123456789ABCDEF.tmp");
  const std::set<std::string> of_others{"0000000100", "0000000200.tmp", "0000000200.backup.tmp", "notes.tmp"};
  for (const std::string& name : of_others) std::filesystem::create_directory(folder / name);
  ShardedStore reader(folder, 2);
  CHECK(reader.load() == 100);
  CHECK(reader.warnings.empty());
  std::set<std::string> expected = of_others;
  expected.insert("0000000200.0123456789ABCDEF0123456789ABCDEF.tmp");
  CHECK(all_in(folder) == expected);
  store.save(300);
  expected = of_others;
  expected.insert("0000000300");
  CHECK(all_in(folder) == expected);
}

TEST_CASE("shards: what was left unfinished and cannot be removed is told, and stops no save") {
  struct Sticky final : FileSystem {
    void remove(const std::filesystem::path& path) override { throw CannotWrite(path.string() + ": is busy"); }
  };
  const Scratch scratch;
  const std::filesystem::path left = scratch / "checkpoints" / "0000000100.0123456789ABCDEF0123456789ABCDEF.tmp";
  std::filesystem::create_directories(left);
  Sticky files;
  ShardedStore store(scratch / "checkpoints", 2, 2, files);
  store.save(200);
  CHECK(store.load() == 200);
  CHECK(store.warnings == std::vector<std::string>{left.string() + ": is busy"});
}

TEST_CASE("shards: where every checkpoint is refused that is said, and all of them stay") {
  const Scratch scratch;
  const std::filesystem::path folder = scratch / "checkpoints";
  ShardedStore store(folder, 2, 3);
  for (const std::uint64_t trial : {100U, 200U}) store.save(trial);
  for (const std::string& name : names_in(folder)) std::filesystem::remove(folder / name / "host-1.npz");
  const std::string missing = (folder / "0000000200" / "host-1.npz").string() + ": no such file; ";
  const std::string error = thrown_by([&] { store.load(); });
  CHECK(error.starts_with("65: " + folder.string() + ": none of the checkpoints here can be used (" + missing));
  CHECK(store.warnings.size() == 2);
  CHECK(all_in(folder) == std::set<std::string>{"0000000100", "0000000200"});
}

TEST_CASE("shards: a checkpoint of the time before there were several hosts is loaded") {
  const Scratch scratch;
  const std::filesystem::path checkpoint = scratch / "checkpoints" / "0000000200";
  ShardedStore store(scratch / "checkpoints", 2);
  store.save(200);
  const std::vector<std::byte> shard = bytes_of(get(checkpoint / "host-0.npz"));
  nlohmann::json document = {
      {"schema", 1},
      {"trial", 200},
      {"scalar", "float32"},
      {"progress", {{"epoch", 2}, {"loss", 0.1}}},
      {"shards", {{{"file", "host-0.npz"}, {"bytes", shard.size()}, {"sha256", sha256_of(shard)}}}}};
  document["sha256"] = sha256_of(document.dump());
  put(checkpoint / "manifest.json", document.dump(2));
  CHECK(store.load() == 200);
  CHECK(store.warnings.empty());
}
