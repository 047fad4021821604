// A study's rows: their order, values and errors.
#include <doctest/doctest.h>

#include "graph/error.hpp"
#include "sim/study/plan.hpp"
#include "sim/study/values.hpp"

namespace settle {
namespace {

constexpr const char* kBase =
    "[graph]\nfile = xor.graph\n[data]\ndataset = table\nrows = 0 0 : 0 ; 1 1 : 1\n[learn]\nepochs = {n}\n[study]\n";

StudyPlan plan_of(const std::string& study, const std::vector<std::string>& arguments = {}) {
  return load_study_plan({"s.ini", arguments, {}}, kBase + study);
}

std::string rows_of(const StudyPlan& plan) {
  std::string text;
  for (const StudyRow& row : plan.rows) {
    for (const std::string& value : row.values) text += value + " ";
    text += "; ";
  }
  return text;
}

std::string error_of(const std::string& study) {
  try {
    plan_of(study);
  } catch (const BadConfig& error) {
    return error.what();
  }
  return "";
}

bool says(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a study crosses its names in their order, the last fastest and seeds innermost") {
  const StudyPlan plan = plan_of("seeds = 2\nn = 3, 4\nlearn.batch = 1, 2\n");
  CHECK(rows_of(plan) == "3 1 1 ; 3 1 2 ; 3 2 1 ; 3 2 2 ; 4 1 1 ; 4 1 2 ; 4 2 1 ; 4 2 2 ; ");
  CHECK(plan.columns == std::vector<std::string>{"n", "learn.batch", "seed"});
  CHECK(plan.rows[5].config.learn.epochs == 4);
  CHECK(plan.rows[5].config.learn.batch == 1);
  CHECK(plan.rows[5].config.run.seed == 2);
}

TEST_CASE("zipped names go together and are crossed with the others") {
  CHECK(rows_of(plan_of("n = 3, 4\nlearn.batch = 1, 2\nzip = n, learn.batch\nrelax.value_rate = 1, 0.5\n")) ==
        "3 1 1 ; 3 1 0.5 ; 4 2 1 ; 4 2 0.5 ; ");
}

TEST_CASE("a zipped variable that stands nowhere is a name for what it goes with") {
  CHECK(rows_of(plan_of("n = 3, 4\nhow = short, long\nzip = how, n\n")) == "3 short ; 4 long ; ");
}

TEST_CASE("several groups of names go together, each crossed with the others") {
  CHECK(rows_of(plan_of("n = 3, 4\nlearn.batch = 1, 2\nrelax.value_rate = 1, 0.5\nlearn.clip = 0, 1\n"
                        "zip = n, learn.batch; relax.value_rate, learn.clip\n")) ==
        "3 1 1 0 ; 3 1 0.5 1 ; 4 2 1 0 ; 4 2 0.5 1 ; ");
  CHECK(says(error_of("n = 3\nlearn.batch = 1\nlearn.clip = 0\nzip = n, learn.batch; learn.clip, n\n"),
             "zip names 'n' twice"));
  CHECK(says(error_of("n = 3\nlearn.batch = 1\nzip = n, learn.batch;\n"), "s.ini:11: zip: has no values"));
}

TEST_CASE("one seed is set and makes no column") {
  const StudyPlan plan = plan_of("n = 1\nseeds = 1\n");
  CHECK(plan.columns == std::vector<std::string>{"n"});
  CHECK(plan.rows[0].config.run.seed == 1);
}

TEST_CASE("a variable may be called seed, and braces around a number are the name of a tile") {
  const StudyPlan plan = load_study_plan(
      {"s.ini", {}, {}},
      "[graph]\nfile = xor.graph\n[data]\ndataset = table\nrows = 0 0 : 0 ; 1 1 : 1\n[run]\nexecutor = virtual\n"
      "[network]\nlinks = from h1{0} to *: latency = {seed}\n[study]\nseed = 5\nseeds = 1\n");
  CHECK(plan.columns == std::vector<std::string>{"seed"});
  CHECK(rows_of(plan) == "5 ; ");
  CHECK(plan.rows[0].config.network.links == "from h1{0} to *: latency = 5");
}

TEST_CASE("a range's values between its ends are written as people would") {
  CHECK(study_values("log(1e-4, 1e-1, 4)", "p") == std::vector<std::string>{"1e-04", "0.001", "0.01", "0.1"});
  CHECK(study_values("linear(0, 0.3, 4)", "p") == std::vector<std::string>{"0", "0.1", "0.2", "0.3"});
}

TEST_CASE("ranges have exact ends, and commas within parentheses or quotes separate nothing") {
  CHECK(study_values("linear(0, 1, 5)", "p") == std::vector<std::string>{"0", "0.25", "0.5", "0.75", "1"});
  const std::vector<std::string> decades = study_values("log(1e-3, 10, 3)", "p");
  REQUIRE(decades.size() == 3);
  CHECK(decades[0] == "0.001");
  CHECK(std::stod(decades[1]) == doctest::Approx(0.1));
  CHECK(decades[2] == "10");
  CHECK(study_values("uniform(1, 2), \"4, 3\"", "p") == std::vector<std::string>{"uniform(1, 2)", "4, 3"});
}

TEST_CASE("a study's mistakes are named with their line") {
  CHECK(says(error_of("n = 1\nlearn.bach = 1, 2\n"), "s.ini:10: unknown key 'learn.bach'; did you mean 'learn.batch'"));
  CHECK(says(error_of("n = 1, 2\nlearn.batch = 1\nzip = n, learn.batch\n"), "s.ini:10: 'learn.batch' has 1 values"));
  CHECK(says(error_of("n =\n"), "s.ini:9: n: has no values"));
  CHECK(says(error_of("m = 1\n"), "s.ini:7: {n} is no variable"));
  CHECK(says(error_of("n = 1\nlearn.batch = 1, none\n"), "s.ini:10: learn.batch = 'none' is not possible"));
  CHECK(says(error_of("n = 1\nmeasure = tran\n"), "did you mean 'train'"));
  CHECK(says(error_of("n = log(0, 1, 3)\n"), "ends above 0"));
  CHECK(says(error_of("n = 1\nzip = n, k\n"), "zip names 'k'"));
  CHECK(says(error_of("n = 1\nm = 1, 2\n"), "s.ini:10: no value has {m} in it"));
}

TEST_CASE("a report draws over the first numeric variable, a line for each other one but the seed") {
  const StudyAxes axes =
      plan_of("relax.wake = gather, eager\nn = 3, 4\nlearn.batch = 1, 2\nrelax.value_rate = 1\nseeds = 2\n").axes;
  CHECK(axes.x == "n");
  CHECK(axes.y == std::vector<std::string>{"test_accuracy", "test_loss", "messages"});
  CHECK(axes.series == std::vector<std::string>{"relax.wake", "learn.batch"});
  CHECK_FALSE(axes.log_x);
  CHECK_FALSE(axes.log_y);
  CHECK(plan_of("n = 3\nseeds = 2\n").axes.x == "seed");
}

TEST_CASE("a report has no lines for variables that zipped ones determine") {
  const StudyAxes axes =
      plan_of(
          "relax.wake = gather, eager, gather\nn = 3, 4, 3\nlearn.batch = 1, 2, 3\nzip = relax.wake, n, learn.batch\n")
          .axes;
  CHECK(axes.x == "learn.batch");
  CHECK(axes.series.empty());
}

TEST_CASE("a study says what its report draws") {
  const StudyAxes axes =
      plan_of("n = 3, 4\nlearn.batch = 1, 2\nx = messages\ny = test_loss, seconds\nseries = n\nlog = xy\n").axes;
  CHECK(axes.x == "messages");
  CHECK(axes.y == std::vector<std::string>{"test_loss", "seconds"});
  CHECK(axes.series == std::vector<std::string>{"n"});
  CHECK(axes.log_x);
  CHECK(axes.log_y);
  const StudyAxes kept = study_axes_of(to_json(axes));
  CHECK(to_json(kept) == to_json(axes));
}

TEST_CASE("axes of a study that are no columns are named with their line") {
  CHECK(says(error_of("n = 1\nx = m\n"),
             "s.ini:10: x names 'm', which is no variable of [study] or result of measure train; there are: n, "
             "test_accuracy,"));
  CHECK(says(error_of("n = 1\nx = n, n\n"), "s.ini:10: x takes one column, not 2"));
  CHECK(says(error_of("n = 1\ny = n\n"), "s.ini:10: y names 'n', which is no result of measure train"));
  CHECK(says(error_of("n = 1\nseries = test_loss\n"),
             "s.ini:10: series names 'test_loss', which is no variable of [study]; there are: n"));
  CHECK(says(error_of("n = 1\nlog = z\n"), "s.ini:10: log = 'z' is not possible; it must be none, x, y or xy"));
  CHECK(says(error_of("n = 1\nrelax.wake = gather, eager\nx = relax.wake\nlog = x\n"),
             "s.ini:12: log = x: the values of 'relax.wake' are no numbers"));
}

TEST_CASE("a key that a study varies cannot be set on the command line too") {
  CHECK_THROWS_AS(plan_of("n = 1\nlearn.batch = 1, 2\n", {"--learn.batch=3"}), BadConfig);
  CHECK(plan_of("n = 1\nlearn.batch = 1, 2\n", {"--study.learn.batch=3"}).rows.size() == 1);
}

TEST_CASE("a row over several processes is refused, with what trains so") {
  CHECK(says(error_of("n = 3\nrun.hosts = 1, 2\n"), "a study's row runs in one process, not in run.hosts = 2"));
  CHECK(says(error_of("n = 3\nrun.hosts = 1, 2\n"), "settle launch"));
  CHECK(error_of("n = 3\nrun.hosts = 1\n").empty());
}

}  // namespace settle
