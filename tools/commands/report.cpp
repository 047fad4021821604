#include <iostream>
#include <nlohmann/json.hpp>

#include "sim/datasets/utf8.hpp"
#include "sim/report/results_page.hpp"
#include "tools/options.hpp"
#include "tools/run_of_directory.hpp"
#include "tools/text_of_run.hpp"

namespace settle {
namespace {

constexpr double kTemperature = 0.7;

constexpr Option kOptions[] = {
    {"page", "FILE.md", "write the results of all DIRs into this Markdown file instead"},
    {"sample", "N", "with --page, of models of text: N characters drawn from the last row's, at temperature 0.7"},
    {"json", "", "print the page's path and how many pictures were drawn as one line of JSON"},
};

constexpr std::string_view kDetails =
    "Makes report.html in the directory of a run or a study, finished or not: pictures, tables and the manifest in "
    "one\n"
    "file that needs no network. `settle run` and `settle study` make it at their ends; this makes it again, also "
    "while\n"
    "they are going on. Of a study it draws means of repeats with 95 % intervals, as [study] says (settle help "
    "study).\n"
    "DIR/report keeps the data (.csv) and the gnuplot script (.gp) of every picture: copy a script and restyle it.\n"
    "Without gnuplot (Debian: gnuplot-nox) the page comes without pictures.\n\n"
    "With --page, what stands in FILE.md between the lines <!-- begin NAME --> and <!-- end NAME --> is written anew "
    "from\n"
    "the DIR of that name, all else stays as it is: the commands, a table of the rules beside backprop (means of "
    "repeats\n"
    "with 95 % intervals, and how often the parameters are backprop's to the last bit) and pictures of how they learn, "
    "in\n"
    "curves/ beside it. Each DIR has its marks and each mark its DIR.\n\n"
    "  settle report runs/fashion_mlp\n"
    "  settle report runs/study_rules\n"
    "  settle report runs/study_rules/rows/0001/run\n"
    "  settle report runs/study_rules runs/fashion_mlp --page results.md\n";

// Nothing to sample with where `length` is none.
SampleText sampler(std::optional<std::int64_t> length) {
  if (!length) return {};
  return [length](const std::filesystem::path& run) {
    TextSampling sampling;
    sampling.length = static_cast<std::uint64_t>(*length);
    sampling.temperature = kTemperature;
    std::string text;
    text_of_run(config_of_run(run, {}), sampling,
                [&](std::u32string_view characters) { text += encode_utf8(characters); });
    return text;
  };
}

int report(const Arguments& arguments) {
  const Options options(arguments);
  const std::optional<std::string> page = options.text("page");
  if (page && options.words().empty()) options.fail("--page needs the directories of studies or runs: DIR...");
  const std::optional<std::int64_t> length = options.whole("sample", 1, kLongestSample);
  if (length && !page) options.fail("--sample goes with --page");
  const std::vector<std::filesystem::path> directories(options.words().begin(), options.words().end());
  const ReportOutcome outcome =
      page ? write_results_page(*page, directories, sampler(length)) : write_report(options.word("DIR"));
  if (!outcome.problem.empty()) std::cerr << "warning: " << outcome.problem << "\n";
  if (options.has("json"))
    std::cout << nlohmann::json{{"report", outcome.page.string()},
                                {"figures", outcome.figures},
                                {"drawn", outcome.drawn}}
                     .dump()
              << "\n";
  else
    std::cout << outcome.page.string() << "\n";
  return 0;
}

}  // namespace

extern const Command kReportCommand = {
    "report",
    "DIR... [--page FILE.md [--sample N]] [--json]",
    "make report.html of a run or a study, or a page of many",
    kOptions,
    kDetails,
    report,
};

}  // namespace settle
