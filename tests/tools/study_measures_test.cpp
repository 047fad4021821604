// What a study measures of its rows, through the program.
#include <doctest/doctest.h>

#include "tests/tools/gradient_case.hpp"
#include "tests/tools/training.hpp"

namespace settle {
namespace {

constexpr const char* kChain =
    "[graph]\nfamily = mlp\nlayers = 5,4,6,4,3\n[relax]\npacing = lockstep\n"
    "[learn]\nbatch = 4\n[run]\nscalar = float64\nthreads = 1\n[study]\nmeasure = gradient\n"
    "relax.value_rate = 0.1, 0.3\nrelax.steps = 2, 10\nseeds = 2\n";

ProcessResult study(const Scratch& scratch, const std::string& name, const std::vector<std::string>& more = {}) {
  std::vector<std::string> words = {"study",   scratch / "s.ini",  "--json",
                                    "--quiet", "--run.report=off", "--run.directory=" + (scratch / name).string()};
  words.insert(words.end(), more.begin(), more.end());
  return run_settle(words);
}

// By the column's name, from the first row on.
std::vector<std::string> column(const std::filesystem::path& csv, const std::string& name) {
  const auto rows = table_of(get(csv));
  const auto at = std::ranges::find(rows.at(0), name) - rows[0].begin();
  std::vector<std::string> values;
  for (std::size_t row = 1; row < rows.size(); ++row) values.push_back(rows[row].at(static_cast<std::size_t>(at)));
  return values;
}

// configs/study_delay_limit.ini against ../shared/oracles/delay_limit, whose bisection ends at 1e-4.
void check_limits(const std::vector<std::string>& more, std::size_t rows) {
  const std::filesystem::path root(SETTLE_SOURCE_DIR);
  const std::filesystem::path limits = root / "../shared/oracles/delay_limit/limits.csv";
  if (!std::filesystem::exists(limits)) {
    MESSAGE("skipped: ", limits.string(), " is not here");
    return;
  }
  std::map<std::pair<std::string, std::string>, double> expected;
  for (const auto& row : table_of(get(limits)))
    if (row[0] != "net") expected[{row[0], row[1]}] = std::stod(row[2]);
  const Scratch scratch;
  std::vector<std::string> words = {"study",
                                    root / "configs/study_delay_limit.ini",
                                    "--json",
                                    "--quiet",
                                    "--run.report=off",
                                    "--run.directory=" + (scratch / "limit").string()};
  words.insert(words.end(), more.begin(), more.end());
  const ProcessResult run = run_settle(words);
  CHECK(run.err == "");
  REQUIRE(run.exit_code == 0);
  const auto found = table_of(get(scratch / "limit/results.csv"));
  REQUIRE(found.size() == rows + 1);
  CHECK(found[0] == std::vector<std::string>{"net", "delay", "status", "largest_stable_rate"});
  for (std::size_t row = 1; row < found.size(); ++row) {
    CAPTURE(found[row][0]);
    CAPTURE(found[row][1]);
    CHECK(std::stod(found[row][3]) == doctest::Approx(expected.at({found[row][0], found[row][1]})).epsilon(0.005));
  }
}

}  // namespace

TEST_CASE("a study of gradients gives the closed form beside the error, and a trace a row that ends with it") {
  const Scratch scratch;
  put(scratch / "s.ini", std::string_view(kChain));
  const ProcessResult run = study(scratch, "g");
  CHECK(run.err == "");
  REQUIRE(run.exit_code == 0);
  const auto error = column(scratch / "g/results.csv", "gradient_error");
  const auto closed_form = column(scratch / "g/results.csv", "gradient_error_closed_form");
  REQUIRE(error.size() == 8);
  for (std::size_t row = 0; row < error.size(); ++row) {
    CAPTURE(row);
    CHECK(std::stod(error[row]) > 0.001);
    CHECK(std::stod(error[row]) == doctest::Approx(std::stod(closed_form[row])).epsilon(1e-9));
    const auto trace = table_of(get(scratch / ("g/rows/000" + std::to_string(row + 1) + "/trace.csv")));
    REQUIRE(trace.size() == (row % 4 < 2 ? 4U : 12U));
    CHECK(trace[0] == std::vector<std::string>{"step", "free_energy", "gradient_error", "max_update", "messages",
                                               "tick", "gradient_error_closed_form"});
    CHECK(trace.back()[2] == error[row]);
    CHECK(trace.back()[6] == closed_form[row]);
  }
  const auto manifest = nlohmann::json::parse(get(scratch / "g/rows/0001/run/manifest.json"));
  CHECK(manifest.at("config").at("relax.steps").at("value") == "2");
}

TEST_CASE("a study's results are the same bytes on repeat and for any number of jobs and threads") {
  const Scratch scratch;
  put(scratch / "s.ini", std::string_view(kChain));
  REQUIRE(study(scratch, "one", {"--study.jobs=1"}).exit_code == 0);
  REQUIRE(study(scratch, "again", {"--study.jobs=1"}).exit_code == 0);
  REQUIRE(study(scratch, "two", {"--study.jobs=2", "--run.threads=2"}).exit_code == 0);
  REQUIRE(study(scratch, "virtual", {"--run.executor=virtual"}).exit_code == 0);
  const std::string results = get(scratch / "one/results.csv");
  CHECK(lines_in(results) == 9);
  CHECK(results == get(scratch / "again/results.csv"));
  CHECK(results == get(scratch / "two/results.csv"));
  CHECK(column(scratch / "virtual/results.csv", "gradient_error") ==
        column(scratch / "one/results.csv", "gradient_error"));
  CHECK(get(scratch / "one/rows/0001/trace.csv") == get(scratch / "virtual/rows/0001/trace.csv"));
}

TEST_CASE("what depends on the order of actors is in timing.csv, what does not in results.csv") {
  const Scratch scratch;
  put(scratch / "s.ini",
      "[graph]\nfamily = rnn\nlayers = 4x3, 6, 2\n[run]\nthreads = 2\n[study]\nmeasure = gradient\n"
      "run.executor = caf, virtual\nrelax.wake = gather, eager\n");
  REQUIRE(study(scratch, "w").exit_code == 0);
  const auto messages = column(scratch / "w/results.csv", "messages");
  const auto counted = column(scratch / "w/timing.csv", "messages");
  CHECK(column(scratch / "w/results.csv", "gradient_error") == std::vector<std::string>(4, "0.0"));
  CHECK(messages[0] == messages[2]);  // gather at rate 1 is one act a vertex, wherever it runs
  CHECK(messages[1].empty());
  CHECK_FALSE(counted[1].empty());
  CHECK(std::stoul(messages[3]) > std::stoul(messages[2]));
  CHECK(column(scratch / "w/results.csv", "slot_age_mean")[2] == "0.0");
  CHECK_FALSE(column(scratch / "w/results.csv", "virtual_ticks")[3].empty());
}

TEST_CASE("a study of stability finds the limits of delay that were found outside of this project") {
  check_limits({"--study.net=1, 3", "--study.delay=0, 4"}, 4);
}

TEST_CASE("the study of all nets and delays finds the limits that were found outside of this project" *
          doctest::test_suite("full")) {
  check_limits({}, 20);
}

TEST_CASE("a study of stability says what it needs") {
  const Scratch scratch;
  const auto fails = [&](const std::string& lines, const std::string& message) {
    put(scratch / "s.ini",
        "[graph]\nfamily = mlp\nlayers = 2,3,1\n" + lines + "[study]\nmeasure = stability\nseeds = 1\n");
    CAPTURE(message);
    std::filesystem::remove_all(scratch / "f");
    CHECK(study(scratch, "f").exit_code == 78);
    CHECK(has(get(scratch / "f/rows/0001/log"), message));
  };
  fails("[relax]\npacing = lockstep\nsteps = 10\n", "the measure stability needs rule.name = strict");
  fails("[rule]\nname = strict\n", "needs relax.pacing = lockstep");
  fails("[rule]\nname = strict\n[relax]\npacing = lockstep\n", "needs run.executor = virtual");
  fails("[rule]\nname = strict\n[relax]\npacing = lockstep\n[run]\nexecutor = virtual\n", "run.scalar = float64");
  fails(
      "[rule]\nname = strict\n[relax]\npacing = lockstep\nvalue_rate = 0.1\n[run]\nexecutor = virtual\nscalar = "
      "float64\n",
      "relax.value_rate to be left out");
}

}  // namespace settle
