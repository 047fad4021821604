// What a study's report makes of rows: groups, means with intervals, pictures and tables.
#include <doctest/doctest.h>

#include <cmath>

#include "sim/report/curves.hpp"
#include "sim/report/gnuplot_script.hpp"
#include "sim/report/study_figures.hpp"
#include "sim/report/study_tables.hpp"
#include "sim/report/text.hpp"
#include "sim/report/trace_table.hpp"
#include "sim/text.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

StudyRecordRow row(const std::vector<std::string>& values, const nlohmann::ordered_json& results) {
  StudyRecordRow row;
  row.values = values;
  row.state = StudyRecordRow::State::ok;
  row.results = results;
  row.timings = nlohmann::ordered_json::object();
  row.directory = "rows/0001";
  return row;
}

// Two rates, three seeds each: y is 1, 2, 3 at rate 0.1 and 0, 0, 0 at rate 0.
StudyRecord small_study(const std::string& x = "rate") {
  StudyRecord study{"nowhere", "gradient", {"rate", "seed"}, {x, {"y"}, {}, false, false}, {}};
  for (const int seed : {1, 2, 3}) {
    study.rows.push_back(row({"0.1", std::to_string(seed)}, {{"y", seed}, {"messages", 10 * seed}}));
    study.rows.push_back(row({"0", std::to_string(seed)}, {{"y", 0}, {"messages", 7}}));
  }
  return study;
}

GnuplotFiles only_figure(const StudyRecord& study) {
  const StudyFigures figures = study_figures(study, groups_of(study));
  REQUIRE(figures.plots.size() == 1);
  return gnuplot_files(figures.plots.front());
}

}  // namespace

TEST_CASE("repeats are folded to their mean and its 95 % interval, in the order of x") {
  const StudyRecord study = small_study();
  const std::vector<StudyGroup> groups = groups_of(study);
  REQUIRE(groups.size() == 2);
  const Estimate estimate = estimate_of(study, groups[0], "y");
  CHECK(estimate.mean == doctest::Approx(2));
  CHECK(estimate.half_width == doctest::Approx(4.30265 / std::sqrt(3.0)).epsilon(1e-5));
  const std::string data = only_figure(study).data;
  CHECK(data.starts_with("series,rate,y,interval from,interval to\n,0,0,0,0\n,0.1,2,-0.48"));
  const Table means = means_table(study, groups);
  CHECK(means.rows[0][2].text == "2.0 \u00b1 2.5");
  CHECK(means.rows[1][2].text == "0");
}

TEST_CASE("over a result rows are repeats that agree in all variables but the seed") {
  const StudyRecord study = small_study("messages");
  const std::vector<StudyGroup> groups = groups_of(study);
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].place == 20);
  CHECK(groups[1].place == 7);
}

TEST_CASE("rows without a number make gaps, are counted, and make no figure where there are no others") {
  StudyRecord study = small_study();
  study.rows[1].results = study.rows[3].results = study.rows[5].results = {{"y", nullptr}};
  const StudyFigures figures = study_figures(study, groups_of(study));
  REQUIRE(figures.plots.size() == 1);
  CHECK(has(gnuplot_files(figures.plots[0]).data, ",0,nan,nan,nan\n"));
  CHECK(has(figures.plots[0].caption, "3 of 6 rows have no number here"));
  for (StudyRecordRow& one : study.rows) one.results = {{"y", "text"}};
  CHECK(study_figures(study, groups_of(study)).without_numbers == std::vector<std::string>{"y"});
}

TEST_CASE("a logarithmic axis has a place for 0, and intervals that reach below 0 end at its begin") {
  StudyRecord study = small_study();
  study.axes.log_x = study.axes.log_y = true;
  const std::string script = only_figure(study).script;
  for (const std::string part :
       {"set logscale x", "set logscale y", "set xtics add ('0' 0.01)", "set ytics add ('0' 0.1)",
        "y_at(v) = v > 0 ? v : v <= 0 ? 0.1 : NaN", "using (x_at($2)):(y_at($3))"})
    CHECK_MESSAGE(has(script, part), script);

  Axis axis{"y", "", true};
  fit_axis(axis, {{2}, {-1, 5}});
  CHECK_FALSE(axis.zero);
  CHECK(axis.least == 1);
  fit_axis(axis = {"y", "", true}, {{0, 0}, {}});
  CHECK_FALSE(axis.logarithmic);
}

TEST_CASE("words as x give bars, and a closed form stands as a thin dashed line beside the lines of numbers") {
  StudyRecord study = small_study();
  for (StudyRecordRow& one : study.rows) one.results["y_closed_form"] = 1.5;
  CHECK(has(only_figure(study).script, "with lines linecolor rgb '#0072B2' linewidth 1 dashtype (6,4) notitle"));
  for (StudyRecordRow& one : study.rows) one.values[0] = one.values[0] == "0" ? "gather" : "eager";
  const GnuplotFiles bars = only_figure(study);
  CHECK(has(bars.script, "with boxes"));
  CHECK(has(bars.data, "eager,,0,2,-0.48"));
  study.axes.log_y = true;
  CHECK(has(only_figure(study).script, "with points"));
  CHECK_FALSE(has(only_figure(study).script, "with boxes"));
}

TEST_CASE("of many series twelve are drawn and all are in the data") {
  StudyRecord study{"nowhere", "train", {"net", "n"}, {"n", {"y"}, {"net"}, false, false}, {}};
  for (int net = 0; net < 60; ++net)
    for (const int n : {1, 2}) study.rows.push_back(row({std::to_string(net), std::to_string(n)}, {{"y", net + n}}));
  const StudyFigures figures = study_figures(study, groups_of(study));
  const GnuplotFiles files = gnuplot_files(figures.plots.at(0));
  std::size_t titles = 0;
  for (std::size_t at = 0; (at = files.script.find(" title '", at + 1)) != std::string::npos;) ++titles;
  CHECK(titles == 12 + 2);  // and of the key and the picture
  CHECK(has(figures.plots[0].caption, "12 of 60 lines are drawn"));
  for (int net = 0; net < 60; ++net) CHECK(has(files.data, "\n" + std::to_string(net) + ",1,"));
}

TEST_CASE("names that stand together lose what all of them begin and end with, where they are long") {
  using Names = std::vector<std::string>;
  CHECK(told_apart(Names{"encoder.layer.1.attention.query", "encoder.layer.12.attention.query"}, 20) ==
        Names{"\u20261\u2026", "\u202612\u2026"});
  CHECK(told_apart(Names{"h1", "h2"}, 20) == Names{"h1", "h2"});
  CHECK(told_apart(Names{"one.very.long.name.alone"}, 11) == Names{"one.v\u2026alone"});
  CHECK(told_apart(Names{"encoder_layer_1", "encoder_layer_2"}, 10) == Names{"\u20261", "\u20262"});
  CHECK(told_apart(Names{"aaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaa"}, 5).size() == 2);
}

TEST_CASE("a mean is written as far as its interval is known") {
  CHECK(interval_text(87.3219, 0.4112) == "87.32 \u00b1 0.41");
  CHECK(interval_text(124000, 12706) == "124000 \u00b1 13000");
  CHECK(interval_text(2.2e-5, 1.7e-5) == "2.2e-05 \u00b1 1.7e-05");
  CHECK(interval_text(0.5, 0) == "0.5");
}

TEST_CASE("a line of a CSV file is read back into the fields that were written") {
  std::string line;
  const std::vector<std::string> fields{"a,b", "say \"x\"", "", "1e-5"};
  for (const std::string& field : fields) line += (line.empty() ? "" : ",") + csv_field(field);
  CHECK(csv_cells(line) == fields);
}

TEST_CASE("a trace keeps gaps, and one whose line is short is named with its place") {
  const Scratch scratch;
  put(scratch / "t.csv", std::string_view("step,\"error, of h\"\n0,1\n1,\n"));
  const TraceTable trace = read_trace(scratch / "t.csv");
  REQUIRE(trace.find("error, of h") != nullptr);
  CHECK((*trace.find("error, of h"))[0] == 1);
  CHECK(std::isnan((*trace.find("error, of h"))[1]));
  CHECK(trace.find("none") == nullptr);
  put(scratch / "t.csv", std::string_view("step,x\n0\n"));
  CHECK(thrown_by([&] { read_trace(scratch / "t.csv"); }).starts_with("65: " + (scratch / "t.csv").string() + ":2: "));
}

}  // namespace settle
