// A run that is interrupted, by whatever, goes on to the parameters and metrics of an undisturbed one.
#include <doctest/doctest.h>

#include <sched.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

std::vector<std::string> trials(std::uint64_t count) {
  return {"--learn.epochs=100000", "--learn.max_trials=" + std::to_string(count)};
}

// Starts a run, sends it the signal once its metrics have `rows` rows, and checks that it ends with the same parameters
// and rows as an undisturbed run of some trials more.
void check_stop(int signal, std::size_t rows, const std::vector<std::string>& settings) {
  const TrainingFolder folder;
  auto with = [&](std::vector<std::string> words) {
    words.insert(words.end(), settings.begin(), settings.end());
    return words;
  };
  Process process(folder.words("parts", with(trials(1000000))));
  REQUIRE(waits_for(process, [&] { return folder.metrics("parts", {"train", "epoch"}).size() >= rows; }));
  process.signal(signal);
  const ProcessResult stopped = process.result();
  REQUIRE(stopped.exit_code == 75);
  CHECK(has(stopped.err, "stopped after trial "));
  const std::uint64_t done = last_line(stopped).at("trials");
  const auto more = with(trials(done + 9));
  const nlohmann::json parts = folder.trained("parts", more);
  const nlohmann::json whole = folder.trained("whole", more);
  for (const std::string key : {"parameters_sha256", "train_loss", "test_loss", "trials"})
    CHECK(parts.at(key) == whole.at(key));
  CHECK(folder.metrics("parts", {"train", "epoch"}) == folder.metrics("whole", {"train", "epoch"}));
}

// Damages the newest checkpoint of a run and lets it go on.
template <class Damage>
void check_damage(const std::string& named, Damage damage) {
  const TrainingFolder folder;
  folder.trained("damaged", trials(22));
  REQUIRE(folder.checkpoints("damaged") == std::set<std::string>{"0000000020", "0000000022"});
  const auto newest = folder.directory("damaged") / "checkpoints" / "0000000022";
  damage(newest);
  const ProcessResult result = folder.run("damaged", trials(31));
  REQUIRE(result.exit_code == 0);
  CHECK(has(result.err, "warning: checkpoint refused: " + (newest / named).string() + ": "));
  CHECK(has(result.err, "resumes after trial 20"));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("whole", trials(31)));
  CHECK(folder.metrics("damaged", {"train", "epoch"}) == folder.metrics("whole", {"train", "epoch"}));
}

}  // namespace

TEST_CASE("killed at any moment, a run goes on to the parameters and metrics of an undisturbed one") {
  const TrainingFolder folder;
  const auto settings = trials(120);
  auto each = settings;
  each.push_back("--checkpoint.every_trials=2");
  const nlohmann::json whole = folder.trained("whole", each);
  for (const std::uint64_t seed : {1U, 2U}) {
    CAPTURE(seed);
    RandomStream random(seed, "moments", "kill");
    const std::string name = "killed" + std::to_string(seed);
    int kills = 0;
    for (int k = 0; k < 4; ++k) {
      const auto trial = static_cast<std::uint64_t>(25 * k + 20 * random.uniform());
      const bool at_checkpoint = random.uniform() < 0.5;
      const auto reached = [&] {
        if (at_checkpoint) {
          const auto there = folder.checkpoints(name);
          return !there.empty() && std::stoull(*there.rbegin()) >= trial;
        }
        const auto rows = folder.metrics(name, {"train", "epoch"});
        return !rows.empty() && rows.back().at("trial").get<std::uint64_t>() >= trial;
      };
      Process process(folder.words(name, each));
      if (waits_for(process, reached)) process.signal(SIGKILL);
      kills += process.result().exit_code == 128 + SIGKILL ? 1 : 0;
    }
    CHECK(kills > 0);
    const nlohmann::json parts = folder.trained(name, each);
    for (const std::string key : {"parameters_sha256", "train_loss", "test_loss", "trials", "epochs", "messages"})
      CHECK(parts.at(key) == whole.at(key));
    CHECK(folder.metrics(name, {"train", "epoch"}) == folder.metrics("whole", {"train", "epoch"}));
  }
}

TEST_CASE("SIGTERM stops a run with a checkpoint and exit code 75, from which it goes on as if undisturbed") {
  check_stop(SIGTERM, 3, {});
}

TEST_CASE("SIGINT stops a run with a checkpoint and exit code 75, from which it goes on as if undisturbed") {
  check_stop(SIGINT, 20, {"--checkpoint.every_trials=0"});
}

TEST_CASE("a run that is stopped between two epochs loses no epoch's row") {
  // Each trial is an epoch, and takes so long that the signal comes in the midst of one.
  check_stop(SIGTERM, 2,
             {"--learn.batch=200", "--relax.pacing=lockstep", "--relax.value_rate=0.1", "--relax.steps=1000"});
}

TEST_CASE("a truncated checkpoint is refused by name and the one before is used") {
  check_damage("host-0.npz", [](const std::filesystem::path& checkpoint) {
    std::filesystem::resize_file(checkpoint / "host-0.npz", 1000);
  });
}

TEST_CASE("a checkpoint with one flipped bit is refused by name and the one before is used") {
  check_damage("host-0.npz", [](const std::filesystem::path& checkpoint) {
    std::string content = get(checkpoint / "host-0.npz");
    content[content.size() / 2] = static_cast<char>(content[content.size() / 2] ^ 4);
    put(checkpoint / "host-0.npz", content);
  });
}

TEST_CASE("a checkpoint without its manifest is refused by name and the one before is used") {
  check_damage("manifest.json",
               [](const std::filesystem::path& checkpoint) { std::filesystem::remove(checkpoint / "manifest.json"); });
}

TEST_CASE("a run none of whose checkpoints can be used is refused with 65 and overwrites nothing") {
  const TrainingFolder folder;
  folder.trained("damaged", trials(22));
  for (const std::string& name : folder.checkpoints("damaged"))
    std::filesystem::remove(folder.directory("damaged") / "checkpoints" / name / "host-0.npz");
  const auto rows = folder.metrics("damaged", {"train", "epoch"});
  const ProcessResult result = folder.run("damaged", trials(31));
  CHECK(result.exit_code == 65);
  CHECK(has(result.err, "none of the checkpoints here can be used ("));
  CHECK(has(result.err, "move this folder away to begin anew"));
  CHECK(folder.checkpoints("damaged") == std::set<std::string>{"0000000020", "0000000022"});
  CHECK(folder.metrics("damaged", {"train", "epoch"}) == rows);
  std::filesystem::rename(folder.directory("damaged") / "checkpoints", folder / "away");
  CHECK(folder.sha256("damaged", trials(31)) == folder.sha256("whole", trials(31)));
}

TEST_CASE("a full disk at a checkpoint exits with 74, and the run goes on from the checkpoint before") {
  const TrainingFolder folder;
  // A shard of 100 kB, metrics far below the limit.
  const auto settings = [](std::uint64_t count) {
    return std::vector<std::string>{"--graph.layers=64,128,4", "--learn.max_trials=" + std::to_string(count)};
  };
  folder.trained("full", settings(12));
  std::string command = "ulimit -f 64; exec";
  for (const std::string& word : folder.words("full", settings(20))) command += " '" + word + "'";
  const ProcessResult full = run_process({"/bin/sh", "-c", command});
  CHECK(full.exit_code == 74);
  CHECK(full.out.empty());
  CHECK(has(full.err, "settle: " + (folder.directory("full") / "checkpoints" / "0000000015").string()));
  CHECK(has(full.err, "File too large"));
  const ProcessResult after = folder.run("full", settings(20));
  REQUIRE(after.exit_code == 0);
  CHECK(has(after.err, "resumes after trial 12"));
  CHECK(last_line(after).at("parameters_sha256") == folder.sha256("whole", settings(20)));
}

}  // namespace settle
