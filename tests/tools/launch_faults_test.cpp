// Processes of a run that are killed, stopped or told to stop: the run ends in the bits of an undisturbed one.
#include <doctest/doctest.h>

#include <random>

#include "tests/tools/launching.hpp"

using namespace settle;

namespace {

// Runs of three hosts, one of whose workers is killed: before it has joined, at some trial and moment of it, or while a
// checkpoint is written, in turn.
void check_kills(int kills, std::uint64_t seed) {
  CAPTURE(seed);
  const TrainingFolder folder;
  const std::string undisturbed = folder.sha256("one", kLong);
  RandomStream random(seed, "kills", "test");
  for (int kill = 0; kill < kills; ++kill) {
    const std::string name = "killed" + std::to_string(kill);
    const int rank = 1 + static_cast<int>(random.below(2));
    const std::uint64_t after = kill % 3 == 0 ? 0 : random.below(500);
    CAPTURE(kill);
    CAPTURE(rank);
    CAPTURE(after);
    Process process(launch_words(folder, name, 3, kLong));
    CHECK(
        waits_for(process, [&] { return worker_of(process.id(), rank) > 0 && trials_so_far(folder, name) >= after; }));
    if (kill % 3 == 2) {
      const std::set<std::string> before = folder.checkpoints(name);
      CHECK(waits_for(process, [&] { return folder.checkpoints(name) != before; }));
    }
    signal_worker(process, rank, SIGKILL);
    const ProcessResult result = process.result();
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    CHECK(has(result.err, "was ended by signal 9 (Killed); its log: "));
    CHECK(last_line(result).at("parameters_sha256") == undisturbed);
    CHECK(last_line(result).at("trials") == 60 * TrainingFolder::kTrialsPerEpoch);
  }
}

}  // namespace

TEST_CASE("a worker that is killed is replaced, and the run ends in the parameters of an undisturbed one") {
  check_kills(8, 20201126);
}

TEST_CASE("a worker is replaced by one of the same build where the program's file has gone meanwhile") {
  const TrainingFolder folder;
  std::vector<std::string> words = launch_words(folder, "upgraded", 2, kLong);
  words[0] = folder / "settle";
  std::filesystem::copy_file(SETTLE_PROGRAM, words[0]);
  Process process(words);
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "upgraded") >= 20; }));
  std::filesystem::remove(words[0]);
  signal_worker(process, 1, SIGKILL);
  const ProcessResult result = process.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kLong));
}

TEST_CASE("a worker that is stopped is named, counts as lost after transport.dead_after, and is replaced") {
  const TrainingFolder folder;
  std::vector<std::string> settings = kLong;
  settings.emplace_back("--transport.dead_after=3");
  Process process(launch_words(folder, "stopped", 2, settings));
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "stopped") >= 20; }));
  signal_worker(process, 1, SIGSTOP);
  const ProcessResult result = process.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(has(result.err, "host 1 is silent for 2."));
  CHECK(has(result.err, "it was not heard of for transport.dead_after"));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kLong));
}

TEST_CASE("a host that is lost more often than run.restarts ends the run with code 69 and its cause last") {
  const TrainingFolder folder;
  std::vector<std::string> settings = kLong;
  settings.back() = "--run.restarts=0";
  Process process(launch_words(folder, "lost", 2, settings));
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "lost") >= 20; }));
  signal_worker(process, 1, SIGKILL);
  const ProcessResult result = process.result();
  CHECK(result.exit_code == 69);
  const std::string last = result.err.substr(result.err.rfind("settle: "));
  CHECK(has(last, "host 1 (process "));
  CHECK(has(last, "is lost: the connection ended"));
  CHECK(has(last, "was ended by signal 9 (Killed); its log: "));
  CHECK(lines_in(last) == 1);
}

TEST_CASE("a run over processes that is told to stop leaves a checkpoint, from which any number of hosts goes on") {
  const TrainingFolder folder;
  Process process(launch_words(folder, "run", 3, kLong));
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "run") >= 20; }));
  process.signal(SIGTERM);
  CHECK(process.result().exit_code == 75);
  CHECK_FALSE(std::filesystem::exists(folder.directory("run") / "rendezvous.json"));
  CHECK(launched_sha256(folder, "run", 2, kLong) == folder.sha256("one", kLong));
}

TEST_CASE("workers of a coordinator that is killed end with code 69 and say so, and the same command goes on") {
  const TrainingFolder folder;
  Process process(launch_words(folder, "run", 2, kLong));
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "run") >= 60; }));
  const pid_t worker = worker_of(process.id(), 1);
  REQUIRE(worker > 0);
  process.signal(SIGKILL);
  process.result();
  while (::kill(worker, 0) == 0) ::sched_yield();
  std::ifstream log(folder.directory("run") / "logs" / "host-1.log");
  const std::string text((std::istreambuf_iterator<char>(log)), {});
  CHECK(has(text, "settle: host 0 (process "));
  CHECK(has(text, "is lost: "));
  CHECK(launched_sha256(folder, "run", 2, kLong) == folder.sha256("one", kLong));
}

TEST_CASE("where nobody starts another, the others take the vertices of a host that is killed") {
  const TrainingFolder folder;
  std::vector<std::unique_ptr<Process>> ranks;
  for (int rank = 0; rank < 3; ++rank) ranks.push_back(start_rank(folder, rank, 3, kLong));
  CHECK(waits_for(*ranks[0], [&] { return trials_so_far(folder, "run") >= 60; }));
  ranks[1]->signal(SIGKILL);
  const ProcessResult result = ranks[0]->result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(has(result.err, "host 1 (process "));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kLong));
  CHECK(ranks[2]->result().exit_code == 0);
}

TEST_SUITE_BEGIN("full");

TEST_CASE("50 kills of workers at random moments change no bit of what is learned") {
  const std::uint64_t seed = std::random_device()();
  MESSAGE("seed " << seed);
  check_kills(50, seed);
}

TEST_SUITE_END();
