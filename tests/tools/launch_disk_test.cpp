// A disk that is full when host 0 writes a checkpoint of a run over several hosts.
#include <doctest/doctest.h>
#include <sys/mount.h>

#include "tests/tools/launching.hpp"

using namespace settle;

namespace {

// A small disk of its own in a folder.
class SmallDisk {
 public:
  SmallDisk(std::filesystem::path folder, const std::string& size) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    mounted_ = ::mount("none", folder_.c_str(), "tmpfs", 0, ("size=" + size).c_str()) == 0;
  }
  ~SmallDisk() {
    if (mounted_) ::umount(folder_.c_str());
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  // False where this user may not mount.
  bool mounted() const { return mounted_; }
  // Until no more than `left` bytes are free.
  void fill(std::uintmax_t left) const {
    const std::uintmax_t free = std::filesystem::space(folder_).available;
    if (free > left) std::ofstream(filler(), std::ios::app) << std::string(free - left, 'x');
  }
  void empty() const { std::filesystem::remove(filler()); }

 private:
  std::filesystem::path filler() const { return folder_ / "filler"; }

  std::filesystem::path folder_;
  bool mounted_ = false;
};

}  // namespace

TEST_CASE(
    "a full disk at a checkpoint ends a run over hosts with code 74, and any number of hosts goes on with space") {
  const TrainingFolder folder;
  // A checkpoint is 60 KB, what the metrics grow between two of them 6 KB.
  std::vector<std::string> settings = kLong;
  settings.emplace_back("--graph.layers=64,64,8,4");
  const SmallDisk disk(folder.directory("run"), "1m");
  if (!disk.mounted()) {
    MESSAGE("skipped: a tmpfs cannot be mounted here (root is needed)");
    return;
  }
  Process process(launch_words(folder, "run", 3, settings));
  REQUIRE(waits_for(process, [&] { return trials_so_far(folder, "run") >= 60; }));
  CHECK_FALSE(waits_for(process, [&] {
    disk.fill(32 << 10);
    return false;
  }));
  const ProcessResult full = process.result();
  CHECK_MESSAGE(full.exit_code == 74, full.err);
  const std::string last = full.err.substr(full.err.rfind("settle: "));
  CHECK_MESSAGE(has(last, (folder.directory("run") / "checkpoints").string()), full.err);
  CHECK_MESSAGE(has(last, "No space left on device"), full.err);
  CHECK_FALSE(folder.checkpoints("run").empty());
  disk.empty();
  const ProcessResult on = run_process(launch_words(folder, "run", 2, settings));
  REQUIRE_MESSAGE(on.exit_code == 0, on.err);
  CHECK(last_line(on).at("parameters_sha256") == folder.sha256("one", settings));
  CHECK(folder.metrics("run", {"train"}).size() == last_line(on).at("trials"));
}
