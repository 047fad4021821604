// Runs over several real processes: the same bits as one process, whoever starts them.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"

using namespace settle;

TEST_CASE("a run over processes in float64, or without encryption, ends in the parameters of one") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--run.scalar=float64", "--learn.epochs=1", "--run.report=off"};
  const std::string one = folder.sha256("one", settings);
  CHECK(launched_sha256(folder, "two", 2, settings) == one);
  std::vector<std::string> plain = settings;
  plain.emplace_back("--plain");
  const ProcessResult result = run_process(launch_words(folder, "plain", 2, plain));
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("parameters_sha256") == one);
  CHECK(has(result.err, "warning: transport.encrypted = off"));
}

TEST_CASE("processes that know their rank from the environment find each other through the run directory") {
  const TrainingFolder folder;
  const std::vector<std::string> settings = {"--learn.epochs=1", "--run.report=off"};
  const auto start = [&](int rank) { return start_rank(folder, rank, 3, settings); };
  const auto late = start(2);  // waits until there is a host 0
  const auto first = start(0);
  const auto other = start(1);
  const ProcessResult result = first->result();
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("one", settings));
  CHECK(late->result().exit_code == 0);
  CHECK(other->result().exit_code == 0);
  // Of a run that is complete, or fails before they have met, the others do not wait either.
  const auto again = start(2);
  const auto stored = start(0);
  const auto too = start(1);
  CHECK(last_line(stored->result()) == last_line(result));
  CHECK(again->result().exit_code == 0);
  CHECK(too->result().exit_code == 0);
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
  CHECK(has(refusal(launch_words(folder, "p", 2, {"--placement.pin=2: h*"})),
            "placement.pin puts 'h*' on host 2, which is none of 2, counted from 0"));
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
