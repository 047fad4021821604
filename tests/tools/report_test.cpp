// report.html of a run, from the command line: finished, unfinished, broken, and without gnuplot.
#include <doctest/doctest.h>

#include "tests/tools/training.hpp"

namespace settle {
namespace {

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

const std::vector<std::string> kProbed{"--relax.pacing=lockstep", "--relax.value_rate=0.1", "--relax.steps=10",
                                       "--probe.fidelity=4", "--probe.energy=6"};

}  // namespace

TEST_CASE("a run leaves a page whose figures have captions, data and scripts, and the closed form beside the error") {
  const TrainingFolder folder;
  folder.trained("small", kProbed);
  const std::string page = get(folder.directory() / "report.html");
  CHECK(count(page, "<figure ") == count(page, "</figure>"));
  CHECK(count(page, "<figure ") == count(page, "<figcaption>"));
  CHECK(count(page, "<svg ") == count(page, "</svg>"));
  for (const std::string tag : {"section", "table", "details", "main", "html", "tr", "p"})
    CHECK(count(page, "<" + tag + ">") + count(page, "<" + tag + " ") == count(page, "</" + tag + ">"));
  for (const std::string name : {"loss", "accuracy", "free_energy", "messages", "gradient_error", "energy"}) {
    CAPTURE(name);
    CHECK(has(page, "<figure id=\"" + name + "\""));
    for (const std::string suffix : {".csv", ".gp"})
      CHECK(std::filesystem::exists(folder.directory() / "report" / (name + suffix)));
  }
  // 1 - c_1(10) = 0.9^10 of the vertex next to the output, measured and predicted.
  const std::string data = get(folder.directory() / "report" / "gradient_error.csv");
  CHECK(count(data, "closed form\"") >= 4);
  CHECK(has(data, "0.34867"));
  CHECK_FALSE(has(page, "<script"));

  const ProcessResult again = run_settle({"report", folder.directory().string(), "--json"});
  CHECK(again.exit_code == 0);
  CHECK(last_line(again).at("report") == (folder.directory() / "report.html").string());
  CHECK(get(folder.directory() / "report.html") == page);
}

TEST_CASE("a results page has a study and a run with the command that made each, and is the same bytes on repeat") {
  const TrainingFolder folder;
  std::vector<std::string> study =
      folder.words("rules", {"--study.rule.name=backprop,fixed_prediction", "--study.seeds=2"});
  study[1] = "study";
  REQUIRE(run_process(study).exit_code == 0);
  folder.trained("small");
  const std::filesystem::path page = folder / "page.md";
  const std::string frame =
      "<!-- begin small -->\n<!-- end small -->\nprose\n<!-- begin rules -->\n<!-- end rules -->\n";
  put(page, frame);
  const std::vector<std::string> command{
      "report", folder.directory("rules").string(), folder.directory().string(), "--page", page.string(), "--json"};
  const ProcessResult result = run_settle(command);
  REQUIRE(result.exit_code == 0);
  CHECK(last_line(result).at("report") == page.string());
  CHECK(last_line(result).at("figures") == 4);
  const std::string text = get(page);
  for (const std::string part :
       {"settle study small.ini ", "settle run small.ini ", "| fixed_prediction | 2 | ", " | 2 of 2 |\n", "\nprose\n"})
    CHECK_MESSAGE(has(text, part), part);
  CHECK_FALSE(has(text, page.parent_path().string()));
  REQUIRE(run_settle(command).exit_code == 0);
  CHECK(get(page) == text);

  put(page, "<!-- begin rules -->\n");
  const ProcessResult refused = run_settle(command);
  CHECK(refused.exit_code == 65);
  CHECK(has(refused.err, "page.md:1: begins 'rules'"));
  CHECK(run_settle({"report", "--page", page.string()}).exit_code == 2);
}

TEST_CASE("without gnuplot a run succeeds, and its report says what to install") {
  const TrainingFolder folder;
  folder.trained("small", {"--run.report=off"});
  CHECK_FALSE(std::filesystem::exists(folder.directory() / "report.html"));
  ProcessOptions options;
  options.environment["PATH"] = (folder / "nothing").string();
  const ProcessResult result = run_settle({"report", folder.directory().string()}, options);
  CHECK(result.exit_code == 0);
  CHECK(has(result.err, "gnuplot-nox"));
  CHECK(has(get(folder.directory() / "report.html"), "gnuplot-nox"));
}

TEST_CASE("a report of an unfinished run says so, and of nothing, of no run and of a broken run it names the fault") {
  const TrainingFolder folder;
  CHECK(folder.run("parts", {"--run.max_hours=1e-12"}).exit_code == 75);
  CHECK(run_settle({"report", folder.directory("parts").string()}).exit_code == 0);
  CHECK(has(get(folder.directory("parts") / "report.html"), "not finished"));
  CHECK(run_settle({"report", (folder / "nowhere").string()}).exit_code == 66);
  CHECK(run_settle({"report", (folder / "data").string()}).exit_code == 65);
  put(folder.directory("parts") / "metrics.jsonl", std::string_view("broken\n"));
  const ProcessResult broken = run_settle({"report", folder.directory("parts").string()});
  CHECK(broken.exit_code == 65);
  CHECK(has(broken.err, "metrics.jsonl:1: "));
  CHECK(run_settle({"report"}).exit_code == 2);
}

}  // namespace settle
