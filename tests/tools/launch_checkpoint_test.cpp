// Processes of a run that die while a checkpoint is being written: the run goes on from the last whole one.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"

using namespace settle;

namespace {

const std::vector<std::string> kSaving = {"--graph.layers=64,256,64,4", "--learn.epochs=12", "--run.report=off",
                                          "--checkpoint.every_trials=1", "--run.restarts=20"};

std::set<std::string> unfinished(const TrainingFolder& folder, const std::string& name) {
  std::set<std::string> names = folder.checkpoints(name);
  std::erase_if(names, [](const std::string& entry) { return !entry.ends_with(".tmp"); });
  return names;
}

// Stops the program in the midst of a checkpoint of its own; false where it ends before.
bool stops_while_saving(Process& process, const TrainingFolder& folder, const std::string& name,
                        const std::set<std::string>& left_over) {
  const auto saves = [&] {
    const std::set<std::string> now = unfinished(folder, name);
    return !now.empty() && now != left_over;
  };
  while (waits_for(process, saves)) {
    process.signal(SIGSTOP);
    siginfo_t stopped{};
    ::waitid(P_PID, static_cast<id_t>(process.id()), &stopped, WSTOPPED | WEXITED | WNOWAIT);
    if (saves()) return process.running();
    process.signal(SIGCONT);
  }
  return false;
}

std::set<std::string> shards_of_newest(const TrainingFolder& folder, const std::string& name) {
  std::set<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(folder.directory(name) / "checkpoints" / *folder.checkpoints(name).rbegin()))
    files.insert(entry.path().filename());
  return files;
}

}  // namespace

TEST_CASE("a coordinator that is killed while it saves leaves the checkpoint before, from which 1 or 3 hosts go on") {
  const TrainingFolder folder;
  const std::string undisturbed = folder.sha256("one", kSaving);
  for (const int after : {1, 3}) {
    CAPTURE(after);
    const std::string name = "killed" + std::to_string(after);
    std::set<std::string> left_over;
    for (int kill = 0; kill < 2; ++kill) {
      Process process(launch_words(folder, name, 3, kSaving));
      REQUIRE(stops_while_saving(process, folder, name, left_over));
      process.signal(SIGKILL);
      CHECK(process.result().exit_code == 128 + SIGKILL);
      left_over = unfinished(folder, name);
      CHECK(left_over.size() == 1);
    }
    CHECK(launched_sha256(folder, name, after, kSaving) == undisturbed);
    CHECK(unfinished(folder, name).empty());
    CHECK(shards_of_newest(folder, name) ==
          (after == 1 ? std::set<std::string>{"host-0.npz", "manifest.json"}
                      : std::set<std::string>{"host-0.npz", "host-1.npz", "host-2.npz", "manifest.json"}));
  }
}

TEST_CASE(
    "a worker that is killed while all save is replaced, and the run ends in the parameters of an undisturbed one") {
  const TrainingFolder folder;
  Process process(launch_words(folder, "killed", 3, kSaving));
  for (const int rank : {1, 2, 1, 2}) {
    pid_t worker = 0;
    CHECK(waits_for(process, [&] {
      return !unfinished(folder, "killed").empty() && (worker = worker_of(process.id(), rank)) > 0;
    }));
    REQUIRE(worker > 0);
    ::kill(worker, SIGKILL);
    CHECK(waits_for(process, [&] {
      const pid_t next = worker_of(process.id(), rank);
      return next > 0 && next != worker;
    }));
  }
  const ProcessResult result = process.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(has(result.err, "was ended by signal 9 (Killed); its log: "));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kSaving));
  CHECK(unfinished(folder, "killed").empty());
}

TEST_CASE("a worker that does not see the run's folder has its shard written by host 0") {
  const std::vector<std::string> hidden{"/usr/bin/unshare", "-rm", "/bin/sh", "-c",
                                        "mount -t tmpfs none \"$0\" && exec \"$@\""};
  const TrainingFolder folder;
  const std::filesystem::path runs = folder.directory().parent_path();
  const auto without_runs = [&](std::vector<std::string> words) {
    words.insert(words.begin(), runs);
    words.insert(words.begin(), hidden.begin(), hidden.end());
    return words;
  };
  const std::string one = folder.sha256("one", kSaving);
  if (const ProcessResult tried = run_process(without_runs({"/bin/true"})); tried.exit_code != 0) {
    MESSAGE("skipped: this system lets nobody mount a file system of his own: " << tried.err);
    return;
  }
  std::vector<std::string> settings = kSaving;
  settings.emplace_back("--run.hosts=2");
  Process first(folder.words("apart", settings));
  const std::filesystem::path file = folder.directory("apart") / "rendezvous.json";
  REQUIRE(waits_for(first, [&] { return std::filesystem::exists(file); }));
  std::filesystem::copy_file(file, folder / "copied.json");
  const ProcessResult worker =
      run_process(without_runs({SETTLE_PROGRAM, "worker", "--join", folder / "copied.json", "--rank", "1"}));
  CHECK_MESSAGE(worker.exit_code == 0, worker.err);
  const ProcessResult result = first.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == one);
  CHECK(shards_of_newest(folder, "apart") == std::set<std::string>{"host-0.npz", "host-1.npz", "manifest.json"});
  const nlohmann::json scores = last_line(run_settle({"eval", folder.directory("apart"), "--json"}));
  CHECK(scores.at("parameters_sha256") == one);
}
