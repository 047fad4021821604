// Runs over several real processes: the same bits as one process, whatever becomes of the others meanwhile.
#include <dirent.h>
#include <doctest/doctest.h>

#include <fstream>

#include "tests/tools/training.hpp"

using namespace settle;

namespace {

// `settle launch`, kept as `name`.
std::vector<std::string> launch_words(const TrainingFolder& folder, const std::string& name, int hosts,
                                      const std::vector<std::string>& settings = {}) {
  std::vector<std::string> words = folder.words(name, settings);
  words[1] = "launch";
  words.insert(words.begin() + 2, {"-n", std::to_string(hosts)});
  return words;
}

std::string launched_sha256(const TrainingFolder& folder, const std::string& name, int hosts,
                            const std::vector<std::string>& settings = {}) {
  const ProcessResult result = run_process(launch_words(folder, name, hosts, settings));
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  return last_line(result).at("parameters_sha256");
}

// The newest process whose words end in `--rank RANK` and that a process has started; 0: none yet.
pid_t worker_of(pid_t parent, int rank) {
  pid_t newest = 0;
  DIR* const all = ::opendir("/proc");
  while (const dirent* entry = ::readdir(all)) {
    const pid_t process = std::atoi(entry->d_name);
    if (process <= 0) continue;
    const std::filesystem::path folder = std::filesystem::path("/proc") / entry->d_name;
    std::ifstream status(folder / "stat"), words(folder / "cmdline", std::ios::binary);
    std::string text((std::istreambuf_iterator<char>(status)), {});
    const std::string line((std::istreambuf_iterator<char>(words)), {});
    const std::size_t end = text.rfind(") ");
    if (end == std::string::npos || std::atoi(text.c_str() + end + 4) != parent) continue;
    const std::string last = std::string("--rank") + '\0' + std::to_string(rank) + '\0';
    if (line.ends_with(last)) newest = std::max(newest, process);
  }
  ::closedir(all);
  return newest;
}

std::uint64_t trials_so_far(const TrainingFolder& folder, const std::string& name) {
  std::uint64_t trials = 0;
  for (const nlohmann::json& row : folder.metrics(name, {"train"})) trials = row.at("trial");
  return trials;
}

const std::vector<std::string> kLong = {"--learn.epochs=60", "--checkpoint.every_trials=40", "--run.report=off",
                                        "--run.restarts=20"};

}  // namespace

TEST_CASE("a run over several processes ends in the parameters of one, whoever has which vertex") {
  const TrainingFolder folder;
  struct Pace {
    const char* name;
    std::vector<std::string> settings;
  };
  for (const Pace& pace :
       {Pace{"asynchronous", {}}, Pace{"lockstep", {"--relax.pacing=lockstep", "--relax.steps=8"}}}) {
    std::vector<std::string> settings = pace.settings;
    settings.insert(settings.end(), {"--learn.epochs=1", "--run.report=off"});
    const std::string one = folder.sha256(std::string(pace.name) + "_one", settings);
    for (const int hosts : {1, 2, 3, 8})  // eight are more than there are vertices
      for (const char* method : {"metis", "round_robin"}) {
        CAPTURE(pace.name);
        CAPTURE(hosts);
        CAPTURE(method);
        std::vector<std::string> all = settings;
        all.push_back(std::string("--placement.method=") + method);
        CHECK(launched_sha256(folder, std::string(pace.name) + "_" + method + std::to_string(hosts), hosts, all) ==
              one);
      }
  }
}

TEST_CASE("a run over processes in float64, or without encryption, ends in the parameters of one") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--run.scalar=float64", "--learn.epochs=1", "--run.report=off"};
  const std::string one = folder.sha256("one", settings);
  CHECK(launched_sha256(folder, "two", 2, settings) == one);
  std::vector<std::string> plain = settings;
  plain.emplace_back("--transport.encrypted=off");
  const ProcessResult result = run_process(launch_words(folder, "plain", 2, plain));
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("parameters_sha256") == one);
  CHECK(has(result.err, "warning: transport.encrypted = off"));
}

TEST_CASE("a worker that is killed is replaced, and the run ends in the parameters of an undisturbed one") {
  const TrainingFolder folder;
  const std::string undisturbed = folder.sha256("one", kLong);
  RandomStream random(20201126, "kills", "test");
  for (int kill = 0; kill < 8; ++kill) {
    const std::string name = "killed" + std::to_string(kill);
    const int rank = 1 + static_cast<int>(random.below(2));
    const std::uint64_t after = kill == 0 ? 0 : random.below(500);
    CAPTURE(rank);
    CAPTURE(after);
    Process process(launch_words(folder, name, 3, kLong));
    CHECK(
        waits_for(process, [&] { return worker_of(process.id(), rank) > 0 && trials_so_far(folder, name) >= after; }));
    ::kill(worker_of(process.id(), rank), SIGKILL);
    const ProcessResult result = process.result();
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    CHECK(has(result.err, "was ended by signal 9 (Killed); its log: "));
    CHECK(last_line(result).at("parameters_sha256") == undisturbed);
    CHECK(last_line(result).at("trials") == 60 * TrainingFolder::kTrialsPerEpoch);
  }
}

TEST_CASE("a worker that is stopped is named, counts as lost after transport.dead_after, and is replaced") {
  const TrainingFolder folder;
  std::vector<std::string> settings = kLong;
  settings.emplace_back("--transport.dead_after=3");
  Process process(launch_words(folder, "stopped", 2, settings));
  CHECK(waits_for(process, [&] { return trials_so_far(folder, "stopped") >= 20; }));
  ::kill(worker_of(process.id(), 1), SIGSTOP);
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
  ::kill(worker_of(process.id(), 1), SIGKILL);
  const ProcessResult result = process.result();
  CHECK(result.exit_code == 69);
  const std::string last = result.err.substr(result.err.rfind("settle: "));
  CHECK(has(last, "host 1 (process "));
  CHECK(has(last, "is lost: the connection ended"));
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
  process.signal(SIGKILL);
  process.result();
  while (::kill(worker, 0) == 0) ::sched_yield();
  std::ifstream log(folder.directory("run") / "logs" / "host-1.log");
  const std::string text((std::istreambuf_iterator<char>(log)), {});
  CHECK(has(text, "settle: host 0 (process "));
  CHECK(has(text, "is lost: "));
  CHECK(launched_sha256(folder, "run", 2, kLong) == folder.sha256("one", kLong));
}

TEST_CASE("processes that know their rank from the environment find each other through the run directory") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--learn.epochs=1", "--run.report=off"};
  const auto start = [&](int rank) {
    ProcessOptions options;
    options.environment = {{"SETTLE_RANK", std::to_string(rank)}, {"SETTLE_HOSTS", "3"}};
    return std::make_unique<Process>(folder.words("run", settings), options);
  };
  const auto late = start(2);  // waits until there is a host 0
  const auto first = start(0);
  const auto other = start(1);
  const ProcessResult result = first->result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", settings));
  CHECK(late->result().exit_code == 0);
  CHECK(other->result().exit_code == 0);
}

TEST_CASE("where nobody starts another, the others take the vertices of a host that is killed") {
  const TrainingFolder folder;
  std::vector<std::unique_ptr<Process>> ranks;
  for (int rank = 0; rank < 3; ++rank) {
    ProcessOptions options;
    options.environment = {{"SETTLE_RANK", std::to_string(rank)}, {"SETTLE_HOSTS", "3"}};
    ranks.push_back(std::make_unique<Process>(folder.words("run", kLong), options));
  }
  CHECK(waits_for(*ranks[0], [&] { return trials_so_far(folder, "run") >= 60; }));
  ranks[1]->signal(SIGKILL);
  const ProcessResult result = ranks[0]->result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(has(result.err, "host 1 (process "));
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", kLong));
  CHECK(ranks[2]->result().exit_code == 0);
}

TEST_CASE("mpirun makes one run of its processes, of a complete run too") {
  if (run_process({"/bin/sh", "-c", "command -v mpirun"}).exit_code != 0) {
    MESSAGE("skipped: mpirun is not installed (openmpi-bin)");
    return;
  }
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--learn.epochs=1", "--run.report=off"};
  std::vector<std::string> words = {"/bin/sh", "-c", "exec mpirun --allow-run-as-root --oversubscribe -n 4 \"$@\"",
                                    "sh"};
  const std::vector<std::string> rest = folder.words("run", settings);
  words.insert(words.end(), rest.begin(), rest.end());
  const std::string one = folder.sha256("one", settings);
  for (int time = 0; time < 2; ++time) {
    const ProcessResult result = run_process(words);
    REQUIRE_MESSAGE(result.exit_code == 0, result.err);
    CHECK(last_line(result).at("parameters_sha256") == one);
  }
}

TEST_CASE("what cannot be started over several processes is refused with the place and the remedy") {
  const TrainingFolder folder;
  const auto refusal = [](const std::vector<std::string>& words) {
    const ProcessResult result = run_process(words);
    return std::to_string(result.exit_code) + ": " + result.err;
  };
  CHECK(has(refusal({SETTLE_PROGRAM, "launch", folder.config()}), "2: settle: settle launch: -n N is missing"));
  CHECK(has(refusal({SETTLE_PROGRAM, "launch", "-n", "many", folder.config()}), "not 'many'"));
  CHECK(has(refusal(launch_words(folder, "b", 2, {"--rule.name=backprop"})), "only actors run over several processes"));
  CHECK(has(refusal({SETTLE_PROGRAM, "worker", "--join", "nowhere"}), "has no port"));
  CHECK(
      has(refusal({SETTLE_PROGRAM, "worker", "--join", "/nowhere/rendezvous.json", "--rank", "1", "--patience", "0.1"}),
          "69: settle: /nowhere/rendezvous.json: no host 0 has written this file"));
  CHECK(has(refusal({SETTLE_PROGRAM, "worker", "--join", "127.0.0.1:9", "--rank", "1"}), "needs certificates"));
  ProcessOptions contradicting;
  contradicting.environment = {{"SETTLE_RANK", "0"}, {"SETTLE_HOSTS", "2"}, {"RANK", "1"}, {"WORLD_SIZE", "2"}};
  const ProcessResult result = run_process(folder.words("c", {}), contradicting);
  CHECK(result.exit_code == 78);
  CHECK(has(result.err, "--launcher=none"));
  std::vector<std::string> alone = folder.words("c", {"--launcher=none", "--learn.epochs=1", "--run.report=off"});
  CHECK(run_process(alone, contradicting).exit_code == 0);
}
