// How the processes of a run meet, and what is said where they do not.
#include <doctest/doctest.h>

#include "actors/wire/tls/credentials.hpp"
#include "tests/tools/launching.hpp"

using namespace settle;

TEST_CASE("a run that is told to stop while its hosts gather ends with code 75, and a worker that waits ends at once") {
  const TrainingFolder folder;
  Process alone(folder.words("run", {"--run.hosts=2"}));
  const std::filesystem::path file = folder.directory("run") / "rendezvous.json";
  CHECK(waits_for(alone, [&] { return std::filesystem::exists(file); }));
  alone.signal(SIGTERM);
  const ProcessResult stopped = alone.result();
  CHECK(stopped.exit_code == 75);
  CHECK(has(stopped.err, "stopped while the hosts gathered"));
  CHECK_FALSE(std::filesystem::exists(file));
  Process worker({SETTLE_PROGRAM, "worker", "--join", file, "--rank", "1"});
  worker.signal(SIGINT);
  CHECK(worker.result().exit_code == 130);
}

TEST_CASE("a worker that host 0 does not let join says why at once, and the run waits on for the right one") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--run.hosts=2", "--learn.epochs=1", "--run.report=off"};
  Process first(folder.words("run", settings));
  const std::filesystem::path file = folder.directory("run") / "rendezvous.json";
  CHECK(waits_for(first, [&] { return std::filesystem::exists(file); }));
  auto rendezvous = nlohmann::json::parse(get(file));
  rendezvous["token"] = "another";
  put(folder / "wrong.json", rendezvous.dump());
  std::filesystem::permissions(folder / "wrong.json", std::filesystem::perms(0600));
  const ProcessResult wrong = run_process({SETTLE_PROGRAM, "worker", "--join", folder / "wrong.json", "--rank", "1"});
  CHECK(wrong.exit_code == 69);
  CHECK_MESSAGE(has(wrong.err, "settle: host 0 is lost: it left: "), wrong.err);
  const ProcessResult right = run_process({SETTLE_PROGRAM, "worker", "--join", file, "--rank", "1"});
  CHECK_MESSAGE(right.exit_code == 0, right.err);
  const ProcessResult result = first.result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", {"--learn.epochs=1", "--run.report=off"}));
}

TEST_CASE("a worker whose model is another one ends the run with code 78, naming the host and the remedy") {
  const TrainingFolder folder;
  const auto model = [&](int hidden) {
    put(folder / "model.graph",
        "x ~ input(64)\nh ~ normal(tanh(linear(x, " + std::to_string(hidden) + ")))\ny ~ categorical(linear(h, 4))\n");
  };
  model(8);
  put(folder / "own.ini", std::string_view("[graph]\nfile = model.graph\n[data]\ndataset = idx\npath = data\n"));
  Process first({SETTLE_PROGRAM, "run", folder / "own.ini", "--run.hosts=2",
                 "--run.directory=" + folder.directory("own").string()});
  const std::filesystem::path file = folder.directory("own") / "rendezvous.json";
  CHECK(waits_for(first, [&] { return std::filesystem::exists(file); }));
  model(9);
  const ProcessResult worker = run_process({SETTLE_PROGRAM, "worker", "--join", file, "--rank", "1"});
  CHECK(worker.exit_code == 78);
  const ProcessResult result = first.result();
  CHECK_MESSAGE(result.exit_code == 78, result.err);
  CHECK(has(result.err, "settle: host 1 (process "));
  CHECK(has(result.err, "give all machines the same files"));
}

TEST_CASE("hosts speak under certificates of the user's own, and a launched worker gets them too") {
  const TrainingFolder folder;
  const Credentials own = make_run_credentials(std::chrono::system_clock::now(), "cluster.example");
  put(folder / "ca.pem", own.ca.text);
  put(folder / "host.pem", own.certificate.text);
  put(folder / "host.key", own.key.text);
  std::vector<std::string> settings = {"--learn.epochs=1", "--run.report=off"};
  const std::string one = folder.sha256("one", settings);
  settings.push_back("--transport.ca=" + (folder / "ca.pem").string());
  settings.push_back("--transport.certificate=" + (folder / "host.pem").string());
  settings.push_back("--transport.key=" + (folder / "host.key").string());
  settings.emplace_back("--transport.name=cluster.example");
  CHECK(launched_sha256(folder, "two", 2, settings) == one);
  settings.back() = "--transport.name=another.example";
  const ProcessResult refused = run_process(launch_words(folder, "three", 2, settings));
  CHECK(refused.exit_code == 77);
}

TEST_CASE("ranks of a run that fails before they have met end with it") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--data.path=" + (folder / "nowhere").string()};
  const auto first = start_rank(folder, 0, 2, settings);
  const auto other = start_rank(folder, 1, 2, settings);
  CHECK(first->result().exit_code == 66);
  CHECK(other->result().exit_code == 0);
}

TEST_CASE("ranks that a launcher has started end with the first where another run has their directory") {
  const TrainingFolder folder;
  Process holder(folder.words("run", kLong));
  CHECK(waits_for(holder, [&] { return trials_so_far(folder, "run") > 0; }));
  const auto start = [&](const char* rank) {
    ProcessOptions options;
    options.environment = {
        {"OMPI_COMM_WORLD_RANK", rank}, {"OMPI_COMM_WORLD_SIZE", "2"}, {"PMIX_NAMESPACE", "of this start"}};
    return std::make_unique<Process>(folder.words("run", kLong), options);
  };
  holder.signal(SIGSTOP);
  const auto first = start("0");
  const auto other = start("1");
  CHECK(first->result().exit_code == 73);
  CHECK(other->result().exit_code == 0);
  holder.signal(SIGCONT);
  holder.signal(SIGTERM);
  CHECK(holder.result().exit_code == 75);
}
