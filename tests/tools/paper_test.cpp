// The experiments of configs/paper, through the program: fixed prediction at rate 1 follows backprop to the last bit.
#include <doctest/doctest.h>

#include "tests/sim/shared_data.hpp"
#include "tests/tools/paper.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

// Runs an experiment under its own rule and under backprop, which must end with the same parameters.
void check_same_end(const std::string& config, std::vector<std::string> settings) {
  CAPTURE(config);
  const Scratch scratch;
  std::vector<std::string> ends;
  for (const char* rule : {"fixed_prediction", "backprop"}) {
    std::vector<std::string> words{"run", paper() / config, "--json", "--quiet", "--run.report=off"};
    words.push_back("--rule.name=" + std::string(rule));
    words.push_back("--run.directory=" + (scratch / rule).string());
    words.insert(words.end(), settings.begin(), settings.end());
    const ProcessResult result = run_settle(words);
    REQUIRE(result.exit_code == 0);
    ends.push_back(last_line(result).at("parameters_sha256"));
    CHECK(std::isfinite(last_line(result).at("test_loss").get<double>()));
  }
  CHECK(ends[0] == ends[1]);
}

}  // namespace

TEST_CASE("the paper's CNN ends with backprop's parameters after 50 trials of fixed prediction at rate 1") {
  if (has_fashion_mnist()) check_same_end("cnn_quick.ini", {"--learn.max_trials=50"});
}

TEST_CASE("an LSTM on text ends with backprop's parameters after 50 trials of fixed prediction at rate 1") {
  const Scratch scratch;
  put(scratch / "text", random_text(200000));
  check_same_end("lstm_quick.ini", {"--learn.max_trials=50", "--data.path=" + (scratch / "text").string()});
}

TEST_CASE("every rule begins with the same parameters and takes the same batches for a seed") {
  const TrainingFolder folder;
  std::vector<std::vector<double>> losses;
  std::vector<std::string> ends;
  for (const std::string rule :
       {"backprop", "fixed_prediction", "strict", "zero_divergence", "activation_relaxation"}) {
    const std::vector<std::string> settings{"--rule.name=" + rule, "--relax.pacing=lockstep", "--relax.steps=5",
                                            "--learn.learning_rate=0", "--learn.optimizer=sgd"};
    ends.push_back(folder.sha256(rule, settings));
    losses.emplace_back();
    for (const nlohmann::json& row : folder.metrics(rule, {"train"})) losses.back().push_back(row.at("loss"));
    CAPTURE(rule);
    CHECK(ends.back() == ends.front());
    CHECK(losses.back() == losses.front());
  }
  CHECK(losses.front().size() == 3 * TrainingFolder::kTrialsPerEpoch);
  CHECK(std::set(losses.front().begin(), losses.front().end()).size() > TrainingFolder::kTrialsPerEpoch);
  CHECK(folder.sha256("another seed", {"--learn.learning_rate=0", "--run.seed=2"}) != ends.front());
}

TEST_SUITE_BEGIN("full");

TEST_CASE("every quick experiment of the paper ends with backprop's parameters under fixed prediction at rate 1") {
  if (has_fashion_mnist()) check_same_end("cnn_quick.ini", {});
  if (const auto file = shared_data("names.tsv")) check_same_end("rnn_quick.ini", {"--data.path=" + file->string()});
  if (const auto file = shared_data("tinyshakespeare.txt"))
    for (const char* config : {"lstm_quick.ini", "char_rnn_quick.ini"})
      check_same_end(config, {"--data.path=" + file->string()});
}

TEST_SUITE_END();

}  // namespace settle
