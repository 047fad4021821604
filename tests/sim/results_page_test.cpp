// A results page: what stands between marks comes from directories of studies and runs, all else stays.
#include "sim/report/results_page.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/report/markdown.hpp"
#include "sim/report/marked_text.hpp"
#include "sim/report/results_block.hpp"
#include "sim/report/training_curves.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

using Json = nlohmann::json;

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

Json run_manifest(const std::string& rule) {
  return {{"argv", {"/opt/bin/settle", "study", "s.ini", "--quiet", "--data.train_files=/home/me/a.bin b.bin"}},
          {"config", {{"rule.name", {{"value", rule}}}, {"run.threads", {{"value", "2"}}}}},
          {"inputs", {{{"path", "/home/me/a.bin"}, {"sha256", std::string(64, 'a')}}}},
          {"versions", {{"settle", "0.1.0"}, {"compiler", "gcc"}}},
          {"hosts", {{{"name", "mine"}, {"system", "Linux 6.1-mine"}, {"processor_architecture", "x86_64"}}}}};
}

void put_run(const std::filesystem::path& folder, const std::string& rule, double loss) {
  std::filesystem::create_directories(folder);
  put(folder / "manifest.json", run_manifest(rule).dump());
  std::string metrics;
  for (int trial = 1; trial <= 4; ++trial)
    metrics +=
        Json{{"kind", "train"}, {"trial", trial}, {"loss", loss / trial},
             {"acts", 0},       {"messages", 0},  {"free_energy", 0}}
            .dump() +
        "\n" +
        Json{{"kind", "epoch"}, {"trial", trial}, {"epoch", trial}, {"train_loss", 1}, {"test_loss", loss}}.dump() +
        "\n";
  put(folder / "metrics.jsonl", metrics);
}

constexpr int kSeeds = 3;

double accuracy(std::size_t rule, int seed) { return 0.5 + 0.1 * static_cast<double>(rule) + 0.01 * seed * seed; }

// Rules backprop, a, b by three seeds; a's parameters are backprop's, b's are with the first seed only.
void put_study(const std::filesystem::path& folder) {
  Json rows = Json::array();
  const std::vector<std::string> rules{"backprop", "a", "b"};
  for (std::size_t rule = 0; rule < rules.size(); ++rule)
    for (int seed = 1; seed <= kSeeds; ++seed) {
      const bool same = rule < 2 || seed == 1;
      char number[8];
      std::snprintf(number, sizeof number, "%04zu", rows.size() + 1);
      rows.push_back({{"values", {rules[rule], "1", std::to_string(seed)}}, {"config", Json::object()}});
      const auto row = folder / "rows" / number;
      put_run(row / "run", rules[rule], 1.0 + static_cast<double>(rule) + 0.1 * seed);
      put(row / "result.json", Json{{"schema", 1},
                                    {"status", "ok"},
                                    {"results",
                                     {{"test_accuracy", accuracy(rule, seed)},
                                      {"test_loss", 1.5},
                                      {"trials", 50},
                                      {"parameters_sha256", same ? "s" + std::to_string(seed) : "other"}}},
                                    {"timings", {{"messages", 100 * (rule + 1)}, {"seconds", 0.2}}}}
                                   .dump());
    }
  put(folder / "manifest.json",
      Json{{"schema", 1},
           {"kind", "study"},
           {"config", {{"measure", "train"}, {"columns", {"rule.name", "relax.value_rate", "seed"}}, {"rows", rows}}},
           {"axes",
            {{"x", "seed"}, {"y", {"test_loss"}}, {"series", Json::array()}, {"log_x", false}, {"log_y", false}}}}
          .dump());
}

class Page {
 public:
  Page() { put_study(scratch_ / "s"); }
  std::filesystem::path operator/(const std::string& name) const { return scratch_ / name; }
  std::filesystem::path file() const { return scratch_ / "page.md"; }
  ReportOutcome write(const std::vector<std::string>& names) const {
    std::vector<std::filesystem::path> directories;
    for (const std::string& name : names) directories.push_back(scratch_ / name);
    return write_results_page(file(), directories);
  }
  // What writing `text` anew throws; it must leave page and folder alone.
  std::string refusal(const std::string& text, const std::vector<std::string>& names) const {
    put(file(), text);
    const std::string thrown = thrown_by([&] { write(names); });
    CHECK(get(file()) == text);
    CHECK_FALSE(std::filesystem::exists(scratch_ / "curves"));
    return thrown;
  }

 private:
  Scratch scratch_;
};

constexpr std::string_view kBegin = "<!-- begin s -->\n";
constexpr std::string_view kEnd = "<!-- end s -->\n";

}  // namespace

TEST_CASE("between marks a page is written anew, and all else stays byte for byte, also when it is repeated") {
  const Page page;
  const std::string before = "# Mine\r\n\n| `x` |\t<!-- begin s --> is a mark only on a line of its own\n ";
  const std::string behind = "<!-- beginning -->\nno end of line \xff";
  put(page.file(), before + std::string(kBegin) + "old\n" + std::string(kEnd) + behind);
  const ReportOutcome outcome = page.write({"s"});
  const std::string text = get(page.file());
  CHECK(text.starts_with(before + std::string(kBegin)));
  CHECK(text.ends_with(std::string(kEnd) + behind));
  CHECK_FALSE(has(text, "old\n"));
  CHECK(outcome.figures == 2);
  for (const std::string name : {"s_train_loss", "s_test_loss"})
    CHECK(has(text, "](curves/" + name + ".svg)") == outcome.problem.empty());
  const std::string data = get(page / "curves/s_train_loss.csv");
  page.write({"s/"});
  CHECK(get(page.file()) == text);
  CHECK(get(page / "curves/s_train_loss.csv") == data);
}

TEST_CASE(
    "a results table has the means and intervals of its seeds and says in how many rows parameters are backprop's") {
  const Page page;
  put(page.file(), std::string(kBegin) + std::string(kEnd));
  page.write({"s"});
  const std::string text = get(page.file());
  CHECK(has(text,
            "| rule.name | repeats | test accuracy (% of samples) | test loss (nats per sample) | "
            "messages a trial (count) | time a trial (ms) | parameters are backprop's |\n"));
  const std::vector<std::string> rules{"backprop", "a", "b"};
  const std::vector<std::string> same{"-", "3 of 3", "1 of 3"};
  for (std::size_t rule = 0; rule < rules.size(); ++rule) {
    double sum = 0;
    double squares = 0;
    for (int seed = 1; seed <= kSeeds; ++seed) sum += 100 * accuracy(rule, seed);
    for (int seed = 1; seed <= kSeeds; ++seed) squares += std::pow(100 * accuracy(rule, seed) - sum / kSeeds, 2);
    const double half = 4.302653 * std::sqrt(squares / (kSeeds - 1) / kSeeds);  // t of two degrees of freedom
    char row[256];
    std::snprintf(row, sizeof row, "| %s | 3 | %.0f ± %.0f | 1.5 | %zu | 4 | %s |\n", rules[rule].c_str(), sum / kSeeds,
                  half, 2 * (rule + 1), same[rule].c_str());
    CHECK_MESSAGE(has(text, row), row, text);
  }
}

TEST_CASE("a results page says which command made it and on what, without paths and names of the machine") {
  const Page page;
  put(page.file(), std::string(kBegin) + std::string(kEnd));
  page.write({"s"});
  const std::string text = get(page.file());
  CHECK(has(text, "\n    settle study s.ini '--data.train_files=a.bin b.bin'\n"));
  CHECK(has(text, "settle 0.1.0, gcc; Linux on x86_64, run.threads = 2"));
  CHECK(has(text, "a.bin (sha256 aaaaaaaaaaaa...)"));
  for (const std::string part : {"/home", "/opt", "mine"}) CHECK_FALSE(has(text, part));
  CHECK(without_folders("--x=/a/b c /d/e/,f/g") == "--x=b c e,f/g");
  CHECK(without_folders("configs/paper/x.ini") == "configs/paper/x.ini");
}

TEST_CASE("a run is shown by its own mark, and one that is not finished or has diverged says so") {
  const Page page;
  put_run(page / "run", "strict", 2);
  const std::string marks = "<!-- begin run -->\n<!-- end run -->\n";
  put(page.file(), marks);
  page.write({"run"});
  CHECK(has(get(page.file()), "Of 1 rows: 1 not done."));
  const std::string metrics = get(page / "run/metrics.jsonl");
  put(page / "run/metrics.jsonl", metrics + R"({"kind":"diverged","trial":5,"vertex":"h"})" + "\n");
  page.write({"run"});
  CHECK(has(get(page.file()), "Of 1 rows: 1 diverged."));
  put(page / "run/metrics.jsonl", metrics);
  put(page / "run/result.json", Json{{"test_accuracy", 0.25}, {"trials", 10}, {"messages", 70}, {"seconds", 1}}.dump());
  page.write({"run"});
  CHECK(has(get(page.file()), "| strict | 1 | 25 | 7 | 100 |\n"));
  CHECK(has(get(page / "curves/run_test_loss.csv"), ",1,2\n,2,2\n"));
}

TEST_CASE("of a model that draws characters a sample stands in the page, of others none") {
  const Page page;
  put_run(page / "run", "strict", 2);
  put(page / "run/result.json", "{}");
  Json manifest = run_manifest("strict");
  put(page.file(), "<!-- begin run -->\n<!-- end run -->\n");
  const std::vector<std::filesystem::path> directories{page / "run"};
  const SampleText sample = [&](const std::filesystem::path& run) {
    CHECK(std::filesystem::equivalent(run, directories.front()));
    return std::string("To be,\n\nor");
  };
  for (const std::string output : {"normal", "categorical"}) {
    manifest["config"]["data.dataset"]["value"] = "text";
    manifest["config"]["graph.output"]["value"] = output;
    put(page / "run/manifest.json", manifest.dump());
    write_results_page(page.file(), directories, sample);
    CHECK(has(get(page.file()), "\n\n    To be,\n\n    or\n") == (output == "categorical"));
  }
  page.write({"run"});
  CHECK_FALSE(has(get(page.file()), "To be,"));
}

TEST_CASE("marks that do not pair are refused with their line, and neither page nor pictures are touched") {
  const Page page;
  const std::string begin(kBegin);
  const std::string end(kEnd);
  const std::string file = "65: " + page.file().string();
  CHECK(page.refusal("a\n" + begin, {"s"}).starts_with(file + ":2: begins 's', which never ends"));
  CHECK(page.refusal(end, {"s"}).starts_with(file + ":1: ends 's', which has no line <!-- begin s -->"));
  CHECK(page.refusal(begin + begin + end, {"s"}).starts_with(file + ":2: begins 's' within 's'"));
  CHECK(page.refusal(begin + end + "\n" + begin + end, {"s"}).starts_with(file + ":4: begins 's' a second time"));
  CHECK(page.refusal(begin + "<!-- end t -->\n", {"s"}).starts_with(file + ":2: ends 't' where 's' is to end"));
}

TEST_CASE("a mark without its directory, a directory without its mark and a second one of its name are refused") {
  const Page page;
  const std::string marks = std::string(kBegin) + std::string(kEnd);
  const std::string file = page.file().string();
  put_study(page / "t");
  put_study(page / "other/s");
  CHECK(page.refusal(marks, {"t"}).starts_with("65: " + file + ":1: begins 's', and no directory of that name"));
  CHECK(page.refusal(marks, {"s", "t"}).starts_with("65: " + file + ": has no place for 't'"));
  CHECK(has(page.refusal(marks, {"s", "other/s"}), "other/s: is the second directory of the name 's'"));
  CHECK(page.refusal(marks, {"nowhere"}).starts_with("66: "));
  put(page / "s/rows/0002/result.json", "{}");
  CHECK(has(page.refusal(marks, {"s"}), "0002/result.json"));
  std::filesystem::remove(page.file());
  CHECK(thrown_by([&] { page.write({"t"}); }).starts_with("66: " + file + ": "));
}

TEST_CASE("a curve has in each window the mean over runs of their means, and leaves out what is not finite") {
  const std::vector<std::vector<Point>> runs{{{1, 2}, {2, 4}, {3, 8}, {4, NAN}}, {{1, 1}, {2, 1}, {3, 2}, {4, 4}}};
  const std::vector<Point> curve = mean_curve(runs, 2);
  REQUIRE(curve.size() == 2);
  CHECK(curve[0].x == 1.5);
  CHECK(curve[0].y == 2);                                            // of 3 and 1
  CHECK(curve[0].spread == doctest::Approx(12.7062).epsilon(1e-5));  // t of one degree of freedom, deviation sqrt 2
  CHECK(curve[1].x == 3.25);
  CHECK(curve[1].y == 5.5);  // of 8 and 3
}

TEST_CASE(
    "the page of the paper's experiments has marks that pair and pictures that are there, and no paths of a machine") {
  const std::filesystem::path folder = std::filesystem::path(SETTLE_SOURCE_DIR) / "configs/paper";
  const std::string text = get(folder / "README.md");
  CHECK_FALSE(marked_parts(text, "README.md").empty());
  const std::string open = "](curves/";
  std::size_t pictures = 0;
  for (std::size_t at = 0; (at = text.find(open, at)) != std::string::npos; ++pictures) {
    at += open.size();
    const std::string name = text.substr(at, text.find(')', at) - at);
    CHECK_MESSAGE(std::filesystem::exists(folder / "curves" / name), name);
  }
  CHECK(pictures > 0);
  for (const std::string path : {"=/", " /home", " /tmp", " /root"}) CHECK_FALSE(has(text, path));
}

TEST_CASE("words of a table cannot break a Markdown page") {
  const std::string text = markdown_table({{"a|b"}, {{Cell("<!-- end s -->\n*x*")}}});
  CHECK(text == "| a\\|b |\n| --- |\n| \\<!-- end s --\\> \\*x\\* |\n");
  CHECK(markdown_verbatim("a\tb\n\nc") == "    a b\n\n    c\n");
}

}  // namespace settle
