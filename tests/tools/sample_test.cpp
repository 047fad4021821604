// `settle sample`: text drawn from a trained sequence model.
#include <doctest/doctest.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

// A run on a text that a small network learns by heart.
void train(const Scratch& scratch, const std::vector<std::string>& settings = {}) {
  std::string text;
  for (int k = 0; k < 80; ++k) text += "uno,due,tre,";
  put(scratch / "t.txt", text);
  put(scratch / "t.ini", std::string_view("[graph]\nfamily = rnn\nlayers = 8x8, 16, 8\nreadout = each\n"
                                          "[data]\ndataset = text\npath = t.txt\nsteps = 8\n"
                                          "[learn]\noptimizer = adam\nlearning_rate = 0.02\nbatch = 16\nepochs = 60\n"
                                          "[run]\nthreads = 1\nreport = off\n"));
  std::vector<std::string> words{"run", scratch / "t.ini", "--quiet", "--run.directory=" + (scratch / "run").string()};
  words.insert(words.end(), settings.begin(), settings.end());
  REQUIRE(run_settle(words).exit_code == 0);
}

}  // namespace

TEST_CASE("text drawn from a network follows what it has learned, longer than the network has steps") {
  const Scratch scratch;
  train(scratch);
  const auto sample = [&](const std::vector<std::string>& options) {
    std::vector<std::string> words{"sample", (scratch / "run").string()};
    words.insert(words.end(), options.begin(), options.end());
    return run_settle(words);
  };
  const ProcessResult likeliest = sample({"--prime", "uno,", "--length", "26", "--temperature", "0"});
  CHECK(likeliest.exit_code == 0);
  CHECK(likeliest.out == "uno,due,tre,uno,due,tre,uno,du\n");
  CHECK(likeliest.err.empty());

  const auto drawn = [&](const std::string& temperature, const std::string& seed) {
    return last_line(sample({"--length", "200", "--json", "--temperature", temperature, "--seed", seed}))
        .at("text")
        .get<std::string>();
  };
  CHECK(drawn("1", "1").size() == 200);
  CHECK(has(drawn("1", "1"), "uno,due,tre,"));
  CHECK(drawn("4", "1") == drawn("4", "1"));
  CHECK(drawn("4", "1") != drawn("4", "2"));
  // The hotter, the stranger: nearly even draws know no words.
  CHECK_FALSE(has(drawn("100", "1"), "uno,due,"));
}

TEST_CASE("text is drawn by all parameters of what was trained, learned error weights among them") {
  const Scratch scratch;
  train(scratch, {"--rule.error_weights=learned", "--learn.epochs=150"});
  const ProcessResult drawn =
      run_settle({"sample", (scratch / "run").string(), "--prime", "uno,", "--length", "5", "--temperature", "0"});
  CHECK(drawn.exit_code == 0);
  CHECK(drawn.out == "uno,due,t\n");
}

TEST_CASE("what no text can be drawn from, or begin with, is refused by name") {
  const Scratch scratch;
  train(scratch, {"--learn.max_trials=1"});
  const std::string run = (scratch / "run").string();
  const ProcessResult unknown = run_settle({"sample", run, "--prime", "duo\xc3\xa9"});
  CHECK(unknown.exit_code == 65);
  CHECK(has(unknown.err, "'\xc3\xa9' stands nowhere in "));
  CHECK(run_settle({"sample", run, "--prime", "\xff"}).exit_code == 65);
  CHECK(run_settle({"sample", run, "--temperature", "-1"}).exit_code == 2);
  CHECK(run_settle({"sample", run, "--length", "0"}).exit_code == 2);
  CHECK(run_settle({"sample"}).exit_code == 2);
  CHECK(run_settle({"sample", (scratch / "none").string()}).exit_code == 66);

  const TrainingFolder images;
  images.trained("small", {"--learn.max_trials=1"});
  const ProcessResult no_text = run_settle({"sample", images.directory().string()});
  CHECK(no_text.exit_code == 78);
  CHECK(has(no_text.err, "data.dataset = text"));
  std::filesystem::remove_all(scratch / "run/checkpoints");
  CHECK(run_settle({"sample", run}).exit_code == 66);
  put(scratch / "t.txt", std::string_view("uno,due,eno,rut,"));
  CHECK(run_settle({"sample", run}).exit_code == 65);  // another text than it has learned
}

}  // namespace settle
