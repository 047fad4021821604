#include "sim/checkpoint.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "tests/sim/sharded_store.hpp"

namespace settle {
namespace {

using Kind = FailingFileSystem::Kind;

using Store = ShardedStore;

void flip_bit(const std::filesystem::path& path, std::size_t bit) {
  std::string content = get(path);
  content[bit / 8] = static_cast<char>(content[bit / 8] ^ (1 << (bit % 8)));
  put(path, content);
}

}  // namespace

TEST_CASE("where no checkpoint was saved none is loaded") {
  const Scratch scratch;
  Store store(scratch / "checkpoints", 2);
  CHECK(store.load() == 0);
  CHECK(store.warnings.empty());
}

TEST_CASE("the newest checkpoint is loaded and only as many as wanted are kept") {
  const Scratch scratch;
  Store store(scratch / "checkpoints", 2);
  for (const std::uint64_t trial : {100U, 9000U, 20000U}) store.save(trial);
  CHECK(Store(scratch / "checkpoints", 2).load() == 20000);
  std::vector<std::string> names = names_in(scratch / "checkpoints");
  std::ranges::sort(names);
  CHECK(names == std::vector<std::string>{"0000009000", "0000020000"});
}

TEST_CASE(
    "a checkpoint is refused by name when truncated, flipped, without shard or without manifest, and the one "
    "before it is used") {
  struct Damage {
    const char* word;
    std::function<void(const std::filesystem::path&)> inflict;
  };
  const Damage damages[] = {
      {"bytes long",
       [](const auto& path) {
         std::filesystem::resize_file(path / "host-0.npz", std::filesystem::file_size(path / "host-0.npz") - 1);
       }},
      {"sha256", [](const auto& path) { flip_bit(path / "host-0.npz", 800); }},
      {"no such file", [](const auto& path) { std::filesystem::remove(path / "host-0.npz"); }},
      {"never finished", [](const auto& path) { std::filesystem::remove(path / "manifest.json"); }},
      {"no sound manifest", [](const auto& path) { put(path / "manifest.json", std::string_view("{\"schema\": 1,")); }},
      {"schema 2", [](const auto& path) { put(path / "manifest.json", std::string_view("{\"schema\": 2}")); }},
      {"no sound manifest", [](const auto& path) { put(path / "manifest.json", std::string_view("[]")); }},
  };
  for (const Damage& damage : damages) {
    CAPTURE(std::string(damage.word));
    const Scratch scratch;
    Store(scratch / "checkpoints", 2).save(100);
    Store(scratch / "checkpoints", 2).save(200);
    damage.inflict(scratch / "checkpoints" / "0000000200");
    Store store(scratch / "checkpoints", 2);
    CHECK(store.load() == 100);
    REQUIRE(store.warnings.size() == 1);
    CHECK(store.warnings[0].find("0000000200") != std::string::npos);
    CHECK(store.warnings[0].find(damage.word) != std::string::npos);
    // The refused one neither counts as kept nor stays in the way.
    store.save(200);
    store.save(300);
    CHECK(Store(scratch / "checkpoints", 2).load() == 300);
    CHECK(names_in(scratch / "checkpoints").size() == 2);
  }
}

TEST_CASE("a bit flipped anywhere in a checkpoint is refused or changes nothing") {
  const Scratch scratch;
  Store(scratch / "checkpoints", 2).save(100);
  Store(scratch / "checkpoints", 2).save(200);
  CHECK(rc::check("bit flips", [&] {
    const std::string name = *rc::gen::element<std::string>("host-0.npz", "manifest.json");
    const std::filesystem::path path = scratch / "checkpoints" / "0000000200" / name;
    const auto bit = *rc::gen::inRange<std::size_t>(0, std::filesystem::file_size(path) * 8);
    flip_bit(path, bit);
    Store store(scratch / "checkpoints", 2);
    const std::uint64_t loaded = store.load();
    flip_bit(path, bit);
    RC_ASSERT(loaded == (store.warnings.empty() ? 200U : 100U));
  }));
}

TEST_CASE("a checkpoint of the other scalar type is refused by name") {
  const Scratch scratch;
  Store store(scratch / "checkpoints", 2);
  store.save(100);
  const std::string error = thrown_by([&] { store.store.load_latest<double>(); });
  CHECK(
      error.starts_with("65: " + (scratch / "checkpoints").string() + ": none of the checkpoints here can be used ("));
  REQUIRE(store.warnings.size() == 1);
  CHECK(store.warnings[0].find("holds float32, this run computes in float64") != std::string::npos);
}

TEST_CASE("a save that is stopped at any step, in any host's shard, leaves the old checkpoint or the new one") {
  for (const HostId hosts : {1U, 3U})
    for (const Kind kind : {Kind::crash, Kind::power_cut})
      for (const std::size_t keep : {1U, 2U})
        for (const std::uint64_t trial : {std::uint64_t{300}, std::uint64_t{200}})
          for (std::size_t stop_at = 0;; ++stop_at) {
            CAPTURE(hosts);
            CAPTURE(stop_at);
            CAPTURE(keep);
            const Scratch scratch;
            Store(scratch / "checkpoints", 2).save(100);
            Store(scratch / "checkpoints", 2).save(200);
            FailingFileSystem files(stop_at, kind);
            bool stopped = false;
            try {
              Store(scratch / "checkpoints", keep, hosts, files).save(trial);
            } catch (const Stopped&) {
              stopped = true;
            }
            Store after(scratch / "checkpoints", keep);
            const std::uint64_t loaded = after.load();
            CHECK((loaded == 200 || loaded == trial));
            CHECK(after.warnings.empty());
            after.save(400);
            CHECK(Store(scratch / "checkpoints", keep).load() == 400);
            CHECK(names_in(scratch / "checkpoints").size() == keep);
            if (stopped) continue;
            CHECK(loaded == trial);
            break;
          }
}

TEST_CASE("a first save that is stopped at any step leaves none or the new one") {
  for (const HostId hosts : {1U, 3U})
    for (const Kind kind : {Kind::crash, Kind::power_cut})
      for (std::size_t stop_at = 0;; ++stop_at) {
        const Scratch scratch;
        FailingFileSystem files(stop_at, kind);
        bool stopped = false;
        try {
          Store(scratch / "checkpoints", 2, hosts, files).save(100);
        } catch (const Stopped&) {
          stopped = true;
        }
        const std::uint64_t loaded = Store(scratch / "checkpoints", 2).load();
        CHECK((loaded == 0 || loaded == 100));
        if (stopped) continue;
        CHECK(loaded == 100);
        break;
      }
}

}  // namespace settle
