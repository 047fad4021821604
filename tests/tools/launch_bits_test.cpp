// Processes, threads and placements do not change a bit of what a run learns: multi-layer perceptron, CNN and LSTM, by
// fixed prediction at rate 1 as messages come, and in lockstep.
#include <doctest/doctest.h>

#include "tests/tools/launching.hpp"
#include "tests/tools/paper.hpp"

using namespace settle;

namespace {

using Settings = std::vector<std::string>;

Settings operator+(Settings all, const Settings& more) {
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

struct Shape {
  int hosts;
  int threads;
};

const Settings kAsynchronous = {"--relax.pacing=asynchronous", "--relax.value_rate=1"};

// `words`: of a run without its directory.
std::string sha256_of(const Settings& words, const std::filesystem::path& directory) {
  const ProcessResult result = run_process(words + Settings{"--run.directory=" + directory.string()});
  REQUIRE_MESSAGE(result.exit_code == 0, result.err);
  return last_line(result).at("parameters_sha256");
}

// A config over processes of so many threads each, by either placement, against one process with one thread.
void check_same_bits(const std::filesystem::path& config, const Settings& settings, const std::vector<Shape>& shapes) {
  const Scratch scratch;
  CAPTURE(settings);
  const Settings rest = Settings{config, "--json", "--quiet", "--run.report=off"} + settings;
  const std::string one =
      sha256_of(Settings{SETTLE_PROGRAM, "run"} + rest + Settings{"--run.threads=1"}, scratch / "1");
  for (const auto [hosts, threads] : shapes)
    for (const char* method : {"metis", "round_robin"}) {
      CAPTURE(hosts);
      CAPTURE(threads);
      CAPTURE(method);
      const std::string name = std::to_string(hosts) + "x" + std::to_string(threads) + method;
      CHECK(sha256_of(
                Settings{SETTLE_PROGRAM, "launch", "-n", std::to_string(hosts)} + rest +
                    Settings{"--run.threads=" + std::to_string(threads), std::string("--placement.method=") + method},
                scratch / name) == one);
    }
}

const std::vector<Shape> kFewShapes = {{1, 2}, {2, 1}, {4, 2}};
const std::vector<Shape> kAllShapes = {{1, 1}, {1, 2}, {2, 1}, {2, 2}, {3, 1}, {3, 2}, {4, 1}, {4, 2}, {8, 1}, {8, 2}};

Settings lockstep(int steps) { return {"--relax.pacing=lockstep", "--relax.steps=" + std::to_string(steps)}; }

// 200 trials of an experiment, under both pacings. `steps`: in lockstep.
void check_experiment(const std::filesystem::path& config, Settings settings, int steps) {
  settings = settings + Settings{"--learn.max_trials=200"};
  check_same_bits(config, settings + kAsynchronous, kAllShapes);
  check_same_bits(config, settings + lockstep(steps), kAllShapes);
}

}  // namespace

TEST_CASE("a perceptron over processes ends in the parameters of one, with more hosts than vertices too") {
  const TrainingFolder folder;
  for (const Settings& pacing : {kAsynchronous, lockstep(8)})
    check_same_bits(folder.config(), pacing + Settings{"--learn.epochs=1"}, {{1, 1}, {2, 2}, {3, 1}, {4, 2}, {8, 1}});
}

TEST_CASE("a CNN over processes ends in the parameters of one") {
  const TrainingFolder folder;
  for (const Settings& pacing : {kAsynchronous, lockstep(8)})
    check_same_bits(
        folder.config(),
        pacing + Settings{"--graph.family=cnn", "--graph.layers=1x8x8, conv 6 3, maxpool 2, 16, 4", "--learn.epochs=1"},
        kFewShapes);
}

TEST_CASE("an LSTM over processes ends in the parameters of one") {
  const TrainingFolder folder;
  for (const Settings& pacing : {kAsynchronous, lockstep(12)})
    check_same_bits(folder.config(),
                    pacing + Settings{"--graph.family=lstm", "--graph.layers=8x8, 12, 4", "--learn.epochs=1"},
                    kFewShapes);
}

TEST_SUITE_BEGIN("full");

TEST_CASE("200 trials of the Fashion-MNIST perceptron give the same bits over any processes, threads and placement") {
  if (!has_fashion_mnist()) return;
  check_experiment(std::filesystem::path(SETTLE_SOURCE_DIR) / "configs/fashion_mlp.ini", {}, 10);
}

TEST_CASE("200 trials of the paper's CNN give the same bits over any processes, threads and placement") {
  if (has_fashion_mnist()) check_experiment(paper() / "cnn_quick.ini", {}, 10);
}

TEST_CASE("200 trials of an LSTM on text give the same bits over any processes, threads and placement") {
  const Scratch scratch;
  put(scratch / "text", random_text(80000));
  check_experiment(paper() / "lstm_quick.ini",
                   {"--data.path=" + (scratch / "text").string(), "--graph.layers=10x65, 32, 65", "--data.steps=10"},
                   20);
}

TEST_SUITE_END();
