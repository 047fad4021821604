// `settle status` and `settle stacks` on real runs: those that train, gather, hang, recover, have ended, or are none.
#include <doctest/doctest.h>
#include <sys/socket.h>

#include "sim/watch/local_socket.hpp"
#include "tests/tools/training.hpp"

using namespace settle;

namespace {

const std::vector<std::string> kEndless = {"--learn.epochs=1000000", "--run.report=off", "--transport.dead_after=100",
                                           "--checkpoint.every_trials=1000000"};

std::vector<std::string> endless(const TrainingFolder& folder, int hosts = 1,
                                 const std::vector<std::string>& settings = {}) {
  std::vector<std::string> words = folder.words("run", kEndless);
  words.insert(words.end(), settings.begin(), settings.end());
  if (hosts == 1) return words;
  words[1] = "launch";
  words.insert(words.begin() + 2, {"-n", std::to_string(hosts)});
  return words;
}

ProcessResult ask(const std::string& command, const TrainingFolder& folder,
                  const std::vector<std::string>& options = {}) {
  std::vector<std::string> words = {command, folder.directory("run")};
  words.insert(words.end(), options.begin(), options.end());
  return run_settle(words);
}

nlohmann::json status_of(const TrainingFolder& folder) {
  const ProcessResult result = ask("status", folder, {"--json"});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(lines_in(result.out) == 1);
  return last_line(result);
}

// The first status of the run that is as wanted.
template <class Wanted>
nlohmann::json status_when(Process& run, const TrainingFolder& folder, Wanted wanted) {
  nlohmann::json status;
  const bool came = waits_for(run, [&] {
    const ProcessResult result = ask("status", folder, {"--json"});
    status = result.exit_code == 0 ? last_line(result) : nlohmann::json();
    return status.is_object() && wanted(status);
  });
  REQUIRE_MESSAGE(came, run.result().err);
  return status;
}

nlohmann::json status_in_training(Process& run, const TrainingFolder& folder, std::uint64_t trial = 1) {
  return status_when(run, folder, [&](const nlohmann::json& status) {
    return status.value("stage", "") == "training" && status.at("trial") >= trial && !status.at("hosts").empty();
  });
}

}  // namespace

TEST_CASE("status and stacks: a run on one process is asked while it trains, and files tell how it ended") {
  const TrainingFolder folder;
  Process run(endless(folder));
  const nlohmann::json status = status_in_training(run, folder);
  CHECK(status.at("state") == "running");
  CHECK(status.at("process") == run.id());
  CHECK(status.at("trials") == 1000000 * TrainingFolder::kTrialsPerEpoch);
  CHECK(status.at("epochs") == 1000000);
  CHECK(status.at("loss").is_number());
  CHECK(status.at("trials_per_second").get<double>() > 0);
  REQUIRE(status.at("hosts").size() == 1);
  const nlohmann::json& host = status.at("hosts")[0];
  CHECK(host.at("answers") == true);
  CHECK(host.at("vertices") == 4);
  CHECK(host.at("messages_per_second").get<double>() > 0);
  const std::string text = ask("status", folder).out;
  CHECK(has(text, ", process " + std::to_string(run.id()) + " on "));
  CHECK(has(text, "messages/s"));
  CHECK(has(ask("stacks", folder).out, "host 0: "));
  CHECK(status_of(folder).at("trial") > status.at("trial"));

  run.signal(SIGTERM);
  const ProcessResult stopped = run.result();
  CHECK(stopped.exit_code == 75);
  const nlohmann::json end = status_of(folder);
  CHECK(end.at("state") == "stopped");
  CHECK(end.at("exit_code") == 75);
  CHECK(end.at("trial") == last_line(stopped).at("trials"));
  CHECK(has(ask("status", folder).out, "last trial " + end.at("trial").dump() + " of "));
  CHECK(has(ask("stacks", folder).out, ": nothing runs here (stopped)"));
  CHECK_FALSE(std::filesystem::exists(folder.directory("run") / "status.sock"));
}

TEST_CASE("status: complete, failed and killed runs are told apart, and a run may begin where one was killed") {
  const TrainingFolder folder;
  Process killed(endless(folder));
  status_in_training(killed, folder, 30);
  killed.signal(SIGKILL);
  killed.result();
  nlohmann::json status = status_of(folder);
  CHECK(status.at("state") == "killed");
  CHECK(status.at("trial").get<std::uint64_t>() > 0);
  CHECK(has(ask("stacks", folder).out, ": nothing runs here (killed)"));

  folder.trained("run", {"--run.report=off", "--learn.epochs=2", "--checkpoint.every_trials=1000000"});
  status = status_of(folder);
  CHECK(status.at("state") == "complete");
  CHECK(status.at("exit_code") == 0);
  CHECK(status.at("trial") == 2 * TrainingFolder::kTrialsPerEpoch);

  std::filesystem::remove_all(folder.directory("run"));
  CHECK(folder.run("run", {"--learn.learning_rate=1e30", "--learn.optimizer=sgd"}).exit_code == 76);
  status = status_of(folder);
  CHECK(status.at("state") == "failed");
  CHECK(status.at("exit_code") == 76);
  CHECK(has(status.at("cause"), "diverged in trial "));
}

TEST_CASE("status and stacks: of a run that hangs for a stopped worker they name it, and the run goes on later") {
  const TrainingFolder folder;
  Process run(endless(folder, 3));
  const nlohmann::json status = status_in_training(run, folder);
  REQUIRE(status.at("hosts").size() == 3);
  const pid_t worker = status.at("hosts")[1].at("process");
  REQUIRE(worker > 0);
  CHECK(worker != run.id());
  ::kill(worker, SIGSTOP);
  const nlohmann::json hangs =
      status_when(run, folder, [](const nlohmann::json& now) { return now.at("hosts")[1].at("answers") == false; });
  CHECK(hangs.at("hosts")[0].at("answers") == true);
  CHECK(hangs.at("hosts")[2].at("answers") == true);
  CHECK(hangs.at("hosts")[1].at("seconds_since_heard").get<double>() > 0);
  CHECK(has(ask("status", folder).out, "no answer"));
  const std::string stacks = ask("stacks", folder).out;
  CHECK_MESSAGE(has(stacks, "\nhost 1 (process " + std::to_string(worker) + " on "), stacks);
  CHECK_MESSAGE(has(stacks, "): does not answer\n"), stacks);
  CHECK_MESSAGE(has(stacks, "\nhost 2 (process "), stacks);
  ::kill(worker, SIGCONT);
  status_in_training(run, folder, hangs.at("trial").get<std::uint64_t>() + 10);
  run.signal(SIGTERM);
  CHECK(run.result().exit_code == 75);
}

TEST_CASE("status: while a lost worker is replaced it says that hosts are gathered, and goes on with its successor") {
  const TrainingFolder folder;
  Process run(endless(folder, 3));
  const nlohmann::json before = status_in_training(run, folder, 20);
  const pid_t lost = before.at("hosts")[1].at("process"), late = before.at("hosts")[2].at("process");
  REQUIRE(lost > 0);
  REQUIRE(late > 0);
  ::kill(late, SIGSTOP);  // so that the others wait for it
  ::kill(lost, SIGKILL);
  const nlohmann::json between =
      status_when(run, folder, [](const nlohmann::json& now) { return now.at("stage") == "gathering hosts"; });
  CHECK(between.at("hosts").empty());
  CHECK(has(ask("stacks", folder).out, ": gathering hosts: there are no actors to ask"));
  ::kill(late, SIGCONT);
  const nlohmann::json after = status_in_training(run, folder);
  CHECK(after.at("hosts")[1].at("process") != lost);
  CHECK(after.at("hosts")[2].at("process") == late);
  run.signal(SIGTERM);
  CHECK(run.result().exit_code == 75);
}

TEST_CASE("status and stacks: a run whose hosts have not met says that it gathers them") {
  const TrainingFolder folder;
  Process run(folder.words("run", {"--run.hosts=2"}));
  const nlohmann::json status =
      status_when(run, folder, [](const nlohmann::json& now) { return now.at("stage") == "gathering hosts"; });
  CHECK(status.at("hosts").empty());
  CHECK(status.at("loss").is_null());
  CHECK(has(ask("stacks", folder).out, ": gathering hosts: there are no actors to ask"));
  run.signal(SIGTERM);
  CHECK(run.result().exit_code == 75);
  CHECK(status_of(folder).at("state") == "stopped");
}

TEST_CASE("status: a run that is itself stopped is named with its process, code 69") {
  const TrainingFolder folder;
  Process run(endless(folder));
  status_in_training(run, folder);
  run.signal(SIGSTOP);
  const ProcessResult status = ask("status", folder);
  run.signal(SIGCONT);
  CHECK(status.exit_code == 69);
  CHECK(has(status.err, ": process " + std::to_string(run.id()) + " on "));
  CHECK(has(status.err, "has the run but does not answer: is it stopped?"));
  status_in_training(run, folder);
  run.signal(SIGKILL);
}

TEST_CASE("status: with --every it looks until the run ends, and Ctrl-C ends it with code 130") {
  const TrainingFolder folder;
  Process run(endless(folder));
  status_in_training(run, folder);
  const std::vector<std::string> words = {SETTLE_PROGRAM, "status", folder.directory("run"), "--every=0.05", "--json"};
  Process interrupted(words), watching(words);
  status_in_training(run, folder, status_of(folder).at("trial").get<std::uint64_t>() + 1);
  interrupted.signal(SIGINT);
  CHECK(interrupted.result().exit_code == 130);
  run.signal(SIGTERM);
  run.result();
  const ProcessResult all = watching.result();
  CHECK(all.exit_code == 0);
  CHECK(lines_in(all.out) >= 2);
  CHECK(last_line(all).at("state") == "stopped");
  CHECK(nlohmann::json::parse(all.out.substr(0, all.out.find('\n'))).at("state") == "running");
}

TEST_CASE("status: a run is asked in a directory of any path, and where no socket can be in it") {
  const TrainingFolder folder;
  const std::filesystem::path deep = folder.directory("run") / std::string(150, 'd');
  std::vector<std::string> words = folder.words("run", kEndless);
  words.push_back("--run.directory=" + deep.string());
  words.erase(std::ranges::find(words, "--run.directory=" + folder.directory("run").string()));
  const auto ask_there = [&] { return run_settle({"status", deep, "--json"}); };
  const auto answers = [&](Process& run) {
    return waits_for(run, [&] {
      const ProcessResult result = ask_there();
      return result.exit_code == 0 && last_line(result).at("state") == "running";
    });
  };
  {
    Process run(words);
    CHECK(answers(run));
    CHECK(std::filesystem::is_socket(deep / "status.sock"));
    run.signal(SIGTERM);
    run.result();
  }
  std::filesystem::create_directories(deep / "status.sock" / "in the way");
  Process run(words);
  CHECK(answers(run));
  const std::filesystem::path socket = nlohmann::json::parse(get(deep / "status.json")).at("socket");
  CHECK(std::filesystem::is_socket(socket));
  run.signal(SIGTERM);
  CHECK(run.result().exit_code == 75);
  CHECK_FALSE(std::filesystem::exists(socket.parent_path()));
  CHECK(last_line(ask_there()).at("state") == "stopped");
}

TEST_CASE("status: strangers who send garbage, nothing or megabytes change nothing in a run, and others are answered") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--learn.epochs=100", "--run.report=off"};
  const std::string undisturbed = folder.sha256("one", settings);
  Process run(folder.words("run", settings));
  std::vector<Descriptor> open;
  const std::string garbage(1 << 20, 'x');
  std::size_t asked = 0;
  waits_for(run, [&] {
    for (const std::string& words : {std::string(), std::string("stat"), std::string("stacks\n"), garbage}) {
      auto connection = connect_to(folder.directory("run") / "status.sock", std::chrono::seconds(60));
      if (!connection) return false;
      ::send(connection->number(), words.data(), words.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      open.push_back(std::move(*connection));  // and takes no answer
    }
    if (open.size() > 200) open.clear();
    if (asked == 0) asked += ask("status", folder).exit_code == 0 ? 1 : 0;
    return false;
  });
  CHECK(asked > 0);
  const ProcessResult result = run.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == undisturbed);
}

TEST_CASE("status and stacks: what is no run's directory is refused with the place and the remedy") {
  const TrainingFolder folder;
  for (const std::string command : {"status", "stacks"}) {
    CAPTURE(command);
    const auto refusal = [&](const std::vector<std::string>& words) {
      std::vector<std::string> all = {command};
      all.insert(all.end(), words.begin(), words.end());
      const ProcessResult result = run_settle(all);
      CHECK(result.out == "");
      return std::to_string(result.exit_code) + ": " + result.err;
    };
    CHECK(has(refusal({"/nowhere"}), "66: settle: /nowhere/manifest.json: no such file; give the directory of a run"));
    CHECK(refusal({}).starts_with("2: "));
    CHECK(refusal({"a", "b"}).starts_with("2: "));
    CHECK(refusal({"a", "--evry", "1"}).starts_with("2: "));
    std::filesystem::create_directories(folder / "foreign");
    put(folder / "foreign/manifest.json", std::string_view("{\"schema\": "));
    CHECK(refusal({folder / "foreign"}).starts_with("65: settle: "));
    std::filesystem::create_directories(folder / "study");
    put(folder / "study/manifest.json", std::string_view("{\"schema\": 1, \"kind\": \"study\"}"));
    CHECK(has(refusal({folder / "study"}),
              "65: settle: " + (folder / "study/manifest.json").string() + ": is a study's"));
    std::filesystem::create_directories(folder / "damaged");
    put(folder / "damaged/manifest.json", std::string_view("{\"schema\": 1, \"config\": {}}"));
    put(folder / "damaged/status.json", std::string_view("what"));
    CHECK(has(refusal({folder / "damaged"}), "status.json: is no status of a run"));
  }
  CHECK(run_settle({"status", "/nowhere", "--every", "0"}).exit_code == 2);
}

TEST_CASE("logs: hosts of a run keep what they say in its directory, whoever has started them") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--learn.epochs=1", "--run.report=off"};
  const auto log = [&](int rank) {
    return get(folder.directory("run") / "logs" / ("host-" + std::to_string(rank) + ".log"));
  };
  const auto start = [&](int rank) {
    ProcessOptions options;
    options.environment = {{"SETTLE_RANK", std::to_string(rank)}, {"SETTLE_HOSTS", "2"}};
    return std::make_unique<Process>(folder.words("run", settings), options);
  };
  const auto first = start(0), other = start(1);
  REQUIRE_MESSAGE(first->result().exit_code == 0, first->result().err);
  CHECK(other->result().exit_code == 0);
  CHECK_MESSAGE(has(log(0), "epoch 1/1: train loss "), log(0));
  CHECK_MESSAGE(has(log(1), " is one of 2 hosts, with "), log(1));

  std::filesystem::remove_all(folder.directory("run"));
  Process launched(endless(folder, 2, {"--run.restarts=0"}));
  const pid_t worker = status_in_training(launched, folder).at("hosts")[1].at("process");
  REQUIRE(worker > 0);
  ::kill(worker, SIGKILL);
  const ProcessResult lost = launched.result();
  CHECK(lost.exit_code == 69);
  CHECK_MESSAGE(has(lost.err, log(0).substr(log(0).rfind("settle: "))), log(0));
  CHECK(has(log(1), " is one of 2 hosts, with "));
}
