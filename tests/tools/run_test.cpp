// `settle run` from its command to its result, and what it makes of the same command again.
#include <doctest/doctest.h>

#include "tests/tools/training.hpp"

namespace settle {

TEST_CASE("a run learns, puts its result alone on stdout as one line, and its progress on stderr") {
  const TrainingFolder folder;
  const ProcessResult result = folder.run();
  REQUIRE(result.exit_code == 0);
  CHECK(lines_in(result.out) == 1);
  const nlohmann::json json = last_line(result);
  CHECK(json.at("test_accuracy").get<double>() >= 0.95);
  CHECK(json.at("test_loss").get<double>() < 0.9);
  CHECK(json.at("train_loss").get<double>() < 0.9);
  CHECK(json.at("epochs") == 3);
  CHECK(json.at("trials") == 3 * TrainingFolder::kTrialsPerEpoch);
  CHECK(json.at("seconds").get<double>() > 0);
  CHECK(json.at("test_samples") == TrainingFolder::kTest);
  CHECK(json.at("parameters_sha256").get<std::string>().size() == 64);
  for (const std::string epoch : {"epoch 1/3: ", "epoch 2/3: ", "epoch 3/3: "}) CHECK(has(result.err, epoch));
  CHECK(std::filesystem::exists(folder.directory() / "result.json"));
  CHECK(folder.metrics("small", {"epoch"}).size() == 3);
}

TEST_CASE(
    "a run prints a table of its result where no JSON is asked for, and nothing on stderr where it is to be quiet") {
  const TrainingFolder folder;
  const std::string directory = "--run.directory=" + folder.directory().string();
  const ProcessResult result = run_settle({"run", folder.config(), directory, "--quiet"});
  CHECK(result.exit_code == 0);
  CHECK(result.err.empty());
  for (const std::string name : {"train loss ", "test accuracy ", "trials ", "parameters sha256 ", "kept in "})
    CHECK(has(result.out, name));
  CHECK(run_settle({"run", folder.config(), directory, "--quiet"}).out == result.out);
}

TEST_CASE("the same command on a finished run prints the stored result and trains nothing") {
  const TrainingFolder folder;
  const ProcessResult first = folder.run();
  const std::string metrics = get(folder.directory() / "metrics.jsonl");
  const ProcessResult again = folder.run();
  CHECK(again.exit_code == 0);
  CHECK(again.out == first.out);
  CHECK(has(again.err, "already complete"));
  CHECK(get(folder.directory() / "metrics.jsonl") == metrics);
}

TEST_CASE("more epochs go on from where the run ended, to what a longer run would have been") {
  const TrainingFolder folder;
  folder.trained("parts", {"--learn.epochs=1"});
  folder.trained("parts", {"--learn.epochs=3"});
  const nlohmann::json parts = folder.trained("parts", {"--learn.epochs=5"});
  const nlohmann::json whole = folder.trained("whole", {"--learn.epochs=5"});
  for (const std::string key : {"parameters_sha256", "test_loss", "train_loss", "trials", "epochs", "messages"})
    CHECK(parts.at(key) == whole.at(key));
  CHECK(folder.metrics("parts", {"train", "epoch"}) == folder.metrics("whole", {"train", "epoch"}));
}

TEST_CASE("max_trials ends a run in the middle of an epoch, and a larger one goes on from there") {
  const TrainingFolder folder;
  CHECK(folder.trained("parts", {"--learn.max_trials=7"}).at("trials") == 7);
  CHECK(folder.trained("parts", {"--learn.max_trials=16"}).at("epochs") == 1);
  const nlohmann::json parts = folder.trained("parts");
  const nlohmann::json whole = folder.trained("whole");
  CHECK(parts.at("parameters_sha256") == whole.at("parameters_sha256"));
  CHECK(parts.at("train_loss") == whole.at("train_loss"));
  CHECK(folder.metrics("parts", {"train", "epoch"}) == folder.metrics("whole", {"train", "epoch"}));
}

TEST_CASE("max_hours stops a run with a checkpoint from which it goes on to the same parameters") {
  const TrainingFolder folder;
  const ProcessResult stopped = folder.run("parts", {"--run.max_hours=1e-12"});
  CHECK(stopped.exit_code == 75);
  CHECK(has(stopped.err, "the same command goes on from here"));
  CHECK_FALSE(std::filesystem::exists(folder.directory("parts") / "result.json"));
  CHECK(folder.sha256("parts") == folder.sha256("whole"));
  CHECK(folder.run("parts", {"--run.max_hours=1e-12"}).exit_code == 0);
}

TEST_CASE("a changed key on resume is refused with both values and changes nothing") {
  const TrainingFolder folder;
  folder.trained("small");
  const std::string metrics = get(folder.directory() / "metrics.jsonl");
  const ProcessResult changed = folder.run("small", {"--learn.learning_rate=0.02", "--learn.epochs=4"});
  CHECK(changed.exit_code == 78);
  CHECK(changed.out.empty());
  CHECK(changed.err == "settle: " + folder.directory().string() +
                           ": learn.learning_rate was '0.01' when this run began and is '0.02' now; set it back, or "
                           "give another --run.directory\n");
  CHECK(get(folder.directory() / "metrics.jsonl") == metrics);
  CHECK(folder.run("small", {"--run.threads=2", "--probe.fidelity=10"}).exit_code == 0);
}

TEST_CASE("a model file that has changed since the run began is refused by name, by run and by eval") {
  const TrainingFolder folder;
  const auto model = [](const std::string& function) {
    return "x ~ input(8, 8)\nh ~ normal(" + function + "(linear(flatten(x), 12)))\ny ~ categorical(linear(h, 4))\n";
  };
  put(folder / "model.graph", model("tanh"));
  const std::vector<std::string> settings{
      "--graph.family=", "--graph.layers=", "--graph.file=" + (folder / "model.graph").string()};
  const std::string first = folder.sha256("small", settings);
  CHECK(folder.sha256("small", settings) == first);
  put(folder / "model.graph", model("sigmoid"));  // of the same parameters
  for (const ProcessResult& result :
       {folder.run("small", settings), run_settle({"eval", folder.directory().string()})}) {
    CHECK(result.exit_code == 65);
    CHECK(result.err.starts_with("settle: " + (folder / "model.graph").string() + ": has changed since the run in "));
    CHECK(lines_in(result.err) == 1);
  }
}

TEST_CASE("backprop and fixed prediction at rate 1 end with the same parameters, lockstep at rate 0.1 with others") {
  const TrainingFolder folder;
  const std::string backprop = folder.sha256("backprop", {"--rule.name=backprop"});
  for (const std::string threads : {"1", "2"})
    for (const std::string wake : {"gather", "eager"}) {
      CAPTURE(threads);
      CAPTURE(wake);
      CHECK(folder.sha256("fixed-" + threads + wake, {"--run.threads=" + threads, "--relax.wake=" + wake}) == backprop);
    }
  const std::vector<std::string> lockstep{"--relax.pacing=lockstep", "--relax.value_rate=0.1", "--relax.steps=20"};
  CHECK(folder.sha256("lockstep", lockstep) != backprop);
  CHECK(folder.sha256("seed", {"--run.seed=2"}) != backprop);
}

TEST_CASE("lockstep ends with the same parameters on any number of threads, of any rule") {
  const TrainingFolder folder;
  for (const std::string rule : {"fixed_prediction", "strict", "incremental", "activation_relaxation"}) {
    CAPTURE(rule);
    std::set<std::string> hashes;
    for (const std::string threads : {"1", "2", "3"})
      hashes.insert(
          folder.sha256(rule + threads, {"--rule.name=" + rule, "--relax.pacing=lockstep", "--relax.value_rate=0.1",
                                         "--relax.steps=12", "--graph.output=normal", "--run.threads=" + threads}));
    CHECK(hashes.size() == 1);
  }
}

TEST_CASE("a run that learns within relaxation and was resumed ends as one that was not disturbed") {
  const TrainingFolder folder;
  const auto arguments = [](const std::string& epochs) {
    return std::vector<std::string>{
        "--rule.name=incremental", "--relax.pacing=lockstep",     "--relax.steps=8",          "--graph.output=normal",
        "--learn.optimizer=adam",  "--learn.learning_rate=0.001", "--learn.epochs=" + epochs, "--run.threads=2"};
  };
  const std::string first = folder.sha256("resumed", arguments("1"));
  const std::string resumed = folder.sha256("resumed", arguments("3"));
  CHECK(resumed == folder.sha256("undisturbed", arguments("3")));
  CHECK(resumed != first);
}

TEST_CASE("a probe tells what each vertex received, warns once, and leaves the run as it is") {
  const TrainingFolder folder;
  const std::vector<std::string> lockstep{"--relax.pacing=lockstep", "--relax.value_rate=0.1", "--relax.steps=10"};
  auto probed = lockstep;
  probed.insert(probed.end(), {"--probe.fidelity=4", "--probe.energy=6", "--probe.staleness=13"});
  const ProcessResult result = folder.run("probed", probed);
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("parameters_sha256") == folder.sha256("plain", lockstep));
  CHECK(folder.metrics("probed", {"train", "epoch"}) == folder.metrics("plain", {"train", "epoch"}));

  const auto rows = folder.metrics("probed", {"fidelity"});
  REQUIRE(rows.size() == (3 * TrainingFolder::kTrialsPerEpoch + 3) / 4);
  CHECK(rows.front().at("trial") == 1);
  CHECK(rows.at(1).at("trial") == 5);
  // c_1(10) = 1 - 0.9^10, c_2(10) = 1 - 0.9^10 - 10 * 0.1 * 0.9^9.
  const std::vector<double> shares{1 - std::pow(0.9, 10) - std::pow(0.9, 9), 1 - std::pow(0.9, 10)};
  for (const nlohmann::json& row : rows) {
    REQUIRE(row.at("vertices").size() == 2);
    for (std::size_t k = 0; k < 2; ++k)
      CHECK(row.at("vertices")[k].at("received").get<double>() == doctest::Approx(shares[k]).epsilon(1e-5));
  }
  // 22 and 38 are the first t with 1 - 0.9^t >= 0.9 and 1 - 0.9^t - 0.1 t 0.9^(t-1) >= 0.9.
  CHECK(has(result.err, "1 hops from the output, relax.steps = 22 would give it 90 %"));
  CHECK(has(result.err, "2 hops from the output, relax.steps = 38 would give it 90 %"));
  std::size_t warnings = 0;
  for (std::size_t at = 0; (at = result.err.find("of its backprop gradient", at)) != std::string::npos; ++at)
    ++warnings;
  CHECK(warnings == 2);

  const auto energies = folder.metrics("probed", {"energy"});
  REQUIRE(energies.size() == 3 * TrainingFolder::kTrialsPerEpoch / 6);
  CHECK(energies.front().at("trial") == 6);
  for (const nlohmann::json& row : energies) {
    double sum = 0;
    for (const nlohmann::json& vertex : row.at("vertices")) sum += vertex.at("energy").get<double>();
    for (const nlohmann::json& train : folder.metrics("probed", {"train"}))
      if (train.at("trial") == row.at("trial") &&
          row.at("trial").get<std::uint64_t>() % TrainingFolder::kTrialsPerEpoch != 0)  // of whole batches
        CHECK(sum / TrainingFolder::kBatch == doctest::Approx(train.at("free_energy").get<double>()).epsilon(1e-6));
  }
  CHECK(folder.metrics("probed", {"staleness"}).size() == 3);
}

TEST_CASE("a run that diverges names vertex and trial, exits with 76 and keeps its last checkpoint") {
  const TrainingFolder folder;
  const std::vector<std::string> wild{"--learn.learning_rate=1e30", "--learn.optimizer=sgd", "--graph.output=normal",
                                      "--checkpoint.every_trials=1"};
  const ProcessResult result = folder.run("wild", wild);
  CHECK(result.exit_code == 76);
  CHECK(result.out.empty());
  CHECK(has(result.err, "settle: diverged in trial 2: vertex '"));
  CHECK(has(result.err, "learn.learning_rate"));
  CHECK(folder.checkpoints("wild") == std::set<std::string>{"0000000001"});
  CHECK(folder.metrics("wild", {"diverged"}).size() == 1);
  const ProcessResult again = folder.run("wild", wild);
  CHECK(again.exit_code == 76);
  CHECK(has(again.err, "resumes after trial 1"));
  CHECK(folder.metrics("wild", {"diverged"}).size() == 1);
}

}  // namespace settle
