// `settle study`: the same tables however it is run, and nothing done twice.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

void lay_out(const Scratch& scratch, const std::string& study, const std::string& epochs = "5") {
  std::filesystem::copy_file(std::filesystem::path(SETTLE_SOURCE_DIR) / "configs/xor.graph", scratch / "xor.graph");
  put(scratch / "s.ini",
      std::string("[graph]\nfile = xor.graph\n[data]\ndataset = table\nrows = 0 0 : 0 ; 0 1 : 1 ; 1 0 : 1 ; 1 1 : 0\n"
                  "[learn]\nbatch = 4\nepochs = " +
                  epochs + "\n[run]\nthreads = 1\nscalar = float64\n[study]\n" + study));
}

std::vector<std::string> words(const Scratch& scratch, const std::string& name, const std::string& jobs) {
  return {"study",
          scratch / "s.ini",
          "--json",
          "--quiet",
          "--run.directory=" + (scratch / name).string(),
          "--study.jobs=" + jobs};
}

// A killed study's rows are killed with it, and hold its lock until they are gone.
void wait_until_unlocked(const std::filesystem::path& lock) {
  const int file = ::open(lock.c_str(), O_RDWR);
  REQUIRE(file >= 0);
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
  CHECK(::fcntl(file, F_OFD_SETLKW, &whole) == 0);
  ::close(file);
}

}  // namespace

TEST_CASE("a study's results are the same bytes for one job and two and on repeat") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.1\nseeds = 2\n");
  const ProcessResult one = run_settle(words(scratch, "one", "1"));
  CHECK(one.err == "");
  REQUIRE(one.exit_code == 0);
  CHECK(last_line(one).at("rows") == 4);
  REQUIRE(run_settle(words(scratch, "two", "2")).exit_code == 0);
  const std::string table = get(scratch / "one/results.csv");
  CHECK(lines_in(table) == 5);
  CHECK(table.starts_with("learn.learning_rate,seed,status,test_accuracy,"));
  CHECK(table == get(scratch / "two/results.csv"));
  const auto written = std::filesystem::last_write_time(scratch / "one/rows/0001/result.json");
  REQUIRE(run_settle(words(scratch, "one", "1")).exit_code == 0);
  CHECK(table == get(scratch / "one/results.csv"));
  CHECK(written == std::filesystem::last_write_time(scratch / "one/rows/0001/result.json"));
}

TEST_CASE("a study that was killed goes on with the rows that are not done") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.02, 0.05\n", "2000");
  REQUIRE(run_settle(words(scratch, "whole", "1")).exit_code == 0);
  std::vector<std::string> command = words(scratch, "cut", "1");
  command.insert(command.begin(), SETTLE_PROGRAM);
  std::filesystem::file_time_type written;
  {
    Process process(command);
    REQUIRE(waits_for(process, [&] { return std::filesystem::exists(scratch / "cut/rows/0001/result.json"); }));
    written = std::filesystem::last_write_time(scratch / "cut/rows/0001/result.json");
    process.signal(SIGKILL);
    process.result();
    wait_until_unlocked(scratch / "cut/lock");
  }
  CHECK(!std::filesystem::exists(scratch / "cut/rows/0003/result.json"));
  const ProcessResult resumed = run_settle(words(scratch, "cut", "1"));
  CHECK(resumed.err == "");
  REQUIRE(resumed.exit_code == 0);
  CHECK(get(scratch / "cut/results.csv") == get(scratch / "whole/results.csv"));
  CHECK(written == std::filesystem::last_write_time(scratch / "cut/rows/0001/result.json"));
}

TEST_CASE("a row that diverges is a result, and a changed study does not go on") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 1e200\n", "50\noptimizer = sgd");
  const ProcessResult run = run_settle(words(scratch, "d", "2"));
  REQUIRE(run.exit_code == 0);
  CHECK(last_line(run).at("diverged") == 1);
  CHECK(has(get(scratch / "d/results.csv"), "1e200,diverged,"));
  std::vector<std::string> changed = words(scratch, "d", "1");
  changed.emplace_back("--learn.epochs=51");
  const ProcessResult refused = run_settle(changed);
  CHECK(refused.exit_code == 78);
  CHECK(has(refused.err, "learn.epochs"));
}

TEST_CASE("other axes draw the same rows and are kept in the manifest") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.1\n");
  std::vector<std::string> command = words(scratch, "a", "1");
  REQUIRE(run_settle(command).exit_code == 0);
  CHECK(nlohmann::json::parse(get(scratch / "a/manifest.json")).at("axes").at("x") == "learn.learning_rate");
  const auto written = std::filesystem::last_write_time(scratch / "a/rows/0001/result.json");
  command.emplace_back("--study.x=messages");
  command.emplace_back("--study.log=x");
  CHECK(run_settle(command).exit_code == 0);
  CHECK(written == std::filesystem::last_write_time(scratch / "a/rows/0001/result.json"));
  const nlohmann::json axes = nlohmann::json::parse(get(scratch / "a/manifest.json")).at("axes");
  CHECK(axes.at("x") == "messages");
  CHECK(axes.at("log_x") == true);
  command.back() = "--study.y=acuracy";
  const ProcessResult refused = run_settle(command);
  CHECK(refused.exit_code == 78);
  CHECK(has(refused.err, "command line: y names 'acuracy'"));
}

TEST_CASE("a row that fails names its log and leaves the others alone") {
  const Scratch scratch;
  lay_out(scratch, "graph.file = none.graph, xor.graph\n", "20");
  const ProcessResult run = run_settle(words(scratch, "f", "1"));
  CHECK(run.exit_code == 66);
  CHECK(last_line(run).at("failed") == 1);
  CHECK(has(get(scratch / "f/rows/0001/log"), "none.graph"));
  CHECK(std::filesystem::exists(scratch / "f/rows/0002/result.json"));
  put(scratch / "none.graph", get(scratch / "xor.graph"));  // mended: the same command goes on
  CHECK(run_settle(words(scratch, "f", "1")).exit_code == 0);
  CHECK(std::filesystem::exists(scratch / "f/rows/0001/result.json"));
}

TEST_CASE("a study leaves a report with its figures, tables and failures, and makes the same one again") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.1\ngraph.file = xor.graph, none<1>.graph\nseeds = 2\n");
  const ProcessResult run = run_settle(words(scratch, "r", "1"));
  CHECK(run.exit_code == 66);
  const std::string page = get(scratch / "r/report.html");
  for (const std::string part :
       {"No row has a number for: test_accuracy", "<figure id=\"study_test_loss\"", "<figure id=\"study_messages\"",
        "95 % interval", "Of 8 rows: 4 failed", "exit code 66: ", "none&lt;1&gt;.graph", "href=\"rows/0001/log\"",
        "results.csv", "test loss by"})
    CHECK_MESSAGE(has(page, part), part);
  CHECK_FALSE(has(page, "<script"));
  CHECK(has(get(scratch / "r/report/study_messages.csv"), "0.01,"));
  CHECK(std::filesystem::exists(scratch / "r/report/study_messages.gp"));

  const ProcessResult again = run_settle({"report", (scratch / "r").string(), "--json"});
  CHECK(again.exit_code == 0);
  CHECK(last_line(again).at("figures") == 2);
  CHECK(get(scratch / "r/report.html") == page);
  CHECK(run_settle({"report", (scratch / "r/rows/0001/run").string()}).exit_code == 0);
  CHECK(run_settle({"report", (scratch / "r").string()}).exit_code == 0);
  CHECK(has(get(scratch / "r/report.html"), "href=\"rows/0001/run/report.html\""));
  put(scratch / "r/rows/0001/result.json", std::string_view("{}"));
  const ProcessResult broken = run_settle({"report", (scratch / "r").string()});
  CHECK(broken.exit_code == 65);
  CHECK(has(broken.err, "rows/0001/result.json"));
}

TEST_CASE("a study leaves no report where it is told not to, and one that is not finished says so") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.1\n");
  std::vector<std::string> command = words(scratch, "n", "1");
  command.emplace_back("--run.report=off");
  CHECK(run_settle(command).exit_code == 0);
  CHECK_FALSE(std::filesystem::exists(scratch / "n/report.html"));
  std::filesystem::remove(scratch / "n/rows/0002/result.json");
  CHECK(run_settle({"report", (scratch / "n").string()}).exit_code == 0);
  CHECK(has(get(scratch / "n/report.html"), "Of 2 rows: 1 not done"));
}

TEST_CASE("a study that is told to stop keeps its rows' checkpoints and ends with 75, and goes on from there") {
  const Scratch scratch;
  lay_out(scratch, "learn.learning_rate = 0.01, 0.02\n", "200000");
  std::vector<std::string> command = words(scratch, "s", "1");
  command.insert(command.begin(), SETTLE_PROGRAM);
  Process process(command);
  REQUIRE(waits_for(process, [&] { return std::filesystem::exists(scratch / "s/rows/0001/run/metrics.jsonl"); }));
  process.signal(SIGTERM);
  CHECK(process.result().exit_code == 75);
  CHECK_FALSE(std::filesystem::exists(scratch / "s/rows/0001/result.json"));
  CHECK_FALSE(names_in(scratch / "s/rows/0001/run/checkpoints").empty());
}

}  // namespace settle
