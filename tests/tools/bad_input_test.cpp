// What a user may get wrong before a run: one clear line, the documented exit code, nothing made and nothing lost.
#include <doctest/doctest.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

// The run is refused in one line with that beginning, and leaves no folder.
void check_refused(const TrainingFolder& folder, const std::vector<std::string>& settings, int code,
                   const std::string& beginning, const std::string& remedy = "") {
  const ProcessResult result = folder.run("small", settings);
  CAPTURE(result.err);
  CHECK(result.exit_code == code);
  CHECK(result.out.empty());
  CHECK(lines_in(result.err) == 1);
  CHECK(result.err.starts_with("settle: " + beginning));
  CHECK(has(result.err, remedy));
  CHECK_FALSE(std::filesystem::exists(folder.directory()));
}

std::string data_file(const TrainingFolder& folder, const std::string& name) {
  return (folder / ("data/" + name)).string();
}

}  // namespace

TEST_CASE("missing data exits with 66 and names the file and the remedy") {
  const TrainingFolder folder;
  const std::string nowhere = (folder / "nowhere").string();
  check_refused(folder, {"--data.path=" + nowhere}, 66,
                nowhere + "/train-images-idx3-ubyte.gz: no such file; data.path must hold ");
}

TEST_CASE("missing Fashion-MNIST exits with 66 and says how to install it") {
  if (std::filesystem::exists("/usr/share/datasets/fashion-mnist")) {
    MESSAGE("skipped: Fashion-MNIST is installed here");
    return;
  }
  const TrainingFolder folder;
  check_refused(folder, {"--data.dataset=fashion-mnist", "--data.path="}, 66, "/usr/share/datasets/fashion-mnist/",
                "apt-get install dataset-fashion-mnist");
}

TEST_CASE("a truncated gz file exits with 65 and names it") {
  const TrainingFolder folder;
  const std::string file = data_file(folder, "train-images-idx3-ubyte.gz");
  std::filesystem::resize_file(file, 2000);
  check_refused(folder, {}, 65, file + ": the gzip file is cut off");
}

TEST_CASE("a wrong magic number exits with 65 and names the file") {
  const TrainingFolder folder;
  const std::string file = data_file(folder, "train-labels-idx1-ubyte");
  put(file,
      "\x7f"
      "ELF" +
          get(file).substr(4));
  check_refused(folder, {}, 65, file + ": ", "magic");
}

TEST_CASE("a label beyond the classes exits with 65 and names file and label") {
  const TrainingFolder folder;
  const std::string file = data_file(folder, "t10k-labels-idx1-ubyte");
  std::string content = get(file);
  content.back() = 9;
  put(file, content);
  check_refused(folder, {}, 65, file + ": ", "9");
}

TEST_CASE("images and labels of different number exit with 65 and name both files") {
  const TrainingFolder folder;
  const std::string file = data_file(folder, "train-labels-idx1-ubyte");
  put(file, idx({3}, std::string("\0\1\2", 3)));
  check_refused(folder, {}, 65, "", file);
  check_refused(folder, {}, 65, "", data_file(folder, "train-images-idx3-ubyte.gz"));
}

TEST_CASE("a model of another shape than the data exits with 78 and names the vertex") {
  const TrainingFolder folder;
  check_refused(folder, {"--graph.layers=64"}, 78,
                (folder / "small.ini").string() + ": graph.layers = 64: ", "as in layers = 784, 10");
  check_refused(folder, {"--graph.layers=63,4"}, 78, "input 'x' has shape ", "[8, 8]");
  check_refused(folder, {"--graph.layers=64,5"}, 78, "output 'y' has shape ", "[4]");
}

TEST_CASE("an unknown key in the config exits with 78, its line and what was probably meant") {
  const TrainingFolder folder;
  put(folder.config(), get(folder.config()) + "treads = 2\n");
  check_refused(folder, {}, 78, folder.config().string() + ":16: unknown key 'run.treads'",
                "did you mean 'run.threads'?");
}

TEST_CASE("an unknown key on the command line exits with 2 and what was probably meant") {
  const TrainingFolder folder;
  check_refused(folder, {"--learn.learning_rat=1"}, 2, "command line: unknown key 'learn.learning_rat'",
                "did you mean 'learn.learning_rate'?");
  check_refused(folder, {"--epochs=1"}, 2, "", "--section.key=value");
  check_refused(folder, {"second.ini"}, 2, "", "second.ini");
}

TEST_CASE("an impossible value exits with 78, where it stands and what is possible") {
  const TrainingFolder folder;
  for (const std::string setting :
       {"--relax.value_rate=-1", "--learn.batch=0", "--learn.batch=many", "--learn.learning_rate=nan",
        "--rule.name=backpropagation", "--run.scalar=float16", "--run.threads=0", "--run.seed=-1"})
    check_refused(folder, {setting}, 78, "command line: " + setting.substr(2, setting.find('=') - 2) + " = '",
                  "it must be ");
  check_refused(folder, {"--relax.pacing=lockstep"}, 78, "pacing lockstep ", "relax.steps");
}

TEST_CASE("a run directory that cannot be made exits with 73") {
  const TrainingFolder folder;
  put(folder / "file", std::string_view("mine"));
  const std::string below = (folder / "file/run").string();
  const ProcessResult result = run_settle({"run", folder.config(), "--run.directory=" + below});
  CHECK(result.exit_code == 73);
  CHECK(result.err.starts_with("settle: " + below + ": cannot create"));
  CHECK(lines_in(result.err) == 1);
  CHECK(get(folder / "file") == "mine");
}

TEST_CASE("a run directory that holds something else exits with 73 and is left alone") {
  const TrainingFolder folder;
  std::filesystem::create_directories(folder.directory());
  put(folder.directory() / "thesis.tex", std::string_view("dear to me"));
  const ProcessResult result = folder.run();
  CHECK(result.exit_code == 73);
  CHECK(result.err == "settle: " + folder.directory().string() +
                          ": is not empty and no run directory of settle; give another --run.directory\n");
  CHECK(names_in(folder.directory()) == std::vector<std::string>{"thesis.tex"});
}

TEST_CASE("a second run in the same directory exits with 73, names the first's process and disturbs it not") {
  const TrainingFolder folder;
  const std::vector<std::string> settings{"--learn.epochs=100000"};
  Process first(folder.words("small", settings));
  REQUIRE(waits_for(first, [&] { return !folder.metrics("small", {"train"}).empty(); }));
  const ProcessResult second = folder.run("small", settings);
  CHECK(second.exit_code == 73);
  CHECK(second.out.empty());
  CHECK(second.err == "settle: " + folder.directory().string() + ": a run is going on here (process " +
                          std::to_string(first.id()) + "); wait for it, or give another --run.directory\n");
  first.signal(SIGTERM);
  CHECK(first.result().exit_code == 75);
}

TEST_CASE("a config that is not there exits with 66 and its name") {
  const TrainingFolder folder;
  const ProcessResult result = run_settle({"run", (folder / "none.ini").string()});
  CHECK(result.exit_code == 66);
  CHECK(result.err.starts_with("settle: " + (folder / "none.ini").string() + ": "));
  CHECK(lines_in(result.err) == 1);
  CHECK(run_settle({"run"}).exit_code == 2);
}

TEST_CASE("malformed rows of a table exit with 78 and name the row") {
  const TrainingFolder folder;
  const std::vector<std::string> table{"--data.dataset=table", "--data.path="};
  for (const auto& [wrong, cause] : std::map<std::string, std::string>{
           {"0 0 0", "one ':'"}, {"0 : 1 ; 0 0 : 1", "row 2"}, {"0 x : 1", "'x' is not a number"}, {"", "no rows"}}) {
    const std::string rows = wrong;
    CAPTURE(rows);
    auto settings = table;
    settings.push_back("--data.rows=" + rows);
    check_refused(folder, settings, 78, folder.config().string() + ": data.rows: ", cause);
  }
}

TEST_CASE("a result that cannot be delivered exits with 74 and is kept in the run directory") {
  const TrainingFolder folder;
  ProcessOptions full;
  full.output = "/dev/full";
  CHECK(run_process(folder.words("small", {"--quiet"}), full).exit_code == 74);
  CHECK(std::filesystem::exists(folder.directory() / "result.json"));
  CHECK(folder.run().exit_code == 0);
}

}  // namespace settle
