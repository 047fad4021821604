// `settle eval` on runs that `settle run` made.
#include <doctest/doctest.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

nlohmann::json scored(const std::filesystem::path& run, const std::string& split) {
  const ProcessResult result = run_settle({"eval", run.string(), "--split", split, "--json"});
  if (result.exit_code != 0) throw std::runtime_error(result.err);
  return last_line(result);
}

}  // namespace

TEST_CASE("eval scores a finished run as the run's own result does") {
  const TrainingFolder folder;
  const nlohmann::json result = folder.trained("small", {"--data.validation=30"});
  for (const std::string split : {"test", "validation"}) {
    const nlohmann::json score = scored(folder.directory(), split);
    CHECK(score.at("loss") == result.at(split + "_loss"));
    CHECK(score.at("accuracy") == result.at(split + "_accuracy"));
    CHECK(score.at("samples") == result.at(split + "_samples"));
    CHECK(score.at("parameters_sha256") == result.at("parameters_sha256"));
  }
  const nlohmann::json train = scored(folder.directory(), "train");
  CHECK(train.at("samples") == TrainingFolder::kTrain - 30);
  CHECK(train.at("accuracy").get<double>() >= 0.95);
  CHECK(train.at("split") == "train");
}

TEST_CASE("eval says its score in one line, wherever it is called from") {
  const TrainingFolder folder;
  folder.trained("small");
  ProcessOptions elsewhere;
  elsewhere.folder = folder.directory();
  const ProcessResult result = run_process({SETTLE_PROGRAM, "eval", "."}, elsewhere);
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  CHECK(lines_in(result.out) == 1);
  CHECK(result.out.starts_with("test loss 0."));
  CHECK(has(result.out, "(40 samples, after trial 39)"));
}

TEST_CASE("eval scores the newest valid checkpoint and names the one that it refuses") {
  const TrainingFolder folder;
  folder.trained("small");
  const auto newest = folder.directory() / "checkpoints" / "0000000039" / "host-0.npz";
  std::filesystem::resize_file(newest, 100);
  const ProcessResult result = run_settle({"eval", folder.directory().string(), "--json"});
  CHECK(result.exit_code == 0);
  CHECK(has(result.err, "checkpoint refused: " + newest.string()));
  CHECK(last_line(result).at("trials") == 35);
}

TEST_CASE("eval scores a run that is still going on") {
  const TrainingFolder folder;
  Process process(folder.words("small", {"--learn.epochs=100000", "--checkpoint.every_trials=500"}));
  REQUIRE(waits_for(process, [&] { return folder.checkpoints("small").size() > 1; }));
  CHECK(scored(folder.directory(), "test").at("trials").get<std::uint64_t>() >= 500);
  process.signal(SIGTERM);
  CHECK(process.result().exit_code == 75);
}

TEST_CASE("eval refuses what is no run, has no checkpoint or has no such split") {
  const TrainingFolder folder;
  const ProcessResult nothing = run_settle({"eval", (folder / "data").string()});
  CHECK(nothing.exit_code == 66);
  CHECK(nothing.err.starts_with("settle: " + (folder / "data/manifest.json").string() + ": no such file; "));

  folder.trained("small");
  const ProcessResult validation = run_settle({"eval", folder.directory().string(), "--split=validation"});
  CHECK(validation.exit_code == 66);
  CHECK(validation.err == "settle: the dataset has no validation samples\n");
  const ProcessResult misspelt = run_settle({"eval", folder.directory().string(), "--split=tset"});
  CHECK(misspelt.exit_code == 2);
  CHECK(has(misspelt.err, "--split is train, validation or test, not 'tset'"));
  CHECK(run_settle({"eval"}).exit_code == 2);

  std::filesystem::remove_all(folder.directory() / "checkpoints");
  const ProcessResult empty = run_settle({"eval", folder.directory().string()});
  CHECK(empty.exit_code == 66);
  CHECK(has(empty.err, "has no checkpoint to evaluate"));
  CHECK(lines_in(empty.err) == 1);
}

}  // namespace settle
