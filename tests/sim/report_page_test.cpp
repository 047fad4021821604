// Pages and gnuplot's files: what comes in is text and stays text.
#include <doctest/doctest.h>

#include "sim/report/gnuplot_script.hpp"
#include "sim/report/html.hpp"
#include "sim/report/metrics.hpp"
#include "sim/report/text.hpp"
#include "tests/sim/scratch.hpp"

namespace settle {
namespace {

Plot curve(const std::string& series) {
  return {"curve",
          "It's <a> title",
          "What is seen & why",
          {"trial", "count"},
          {"loss", "nats"},
          Curves{{Series{series, {{1, 2}, {2, 3}}}, Series{"theory", {{1, 2}}, Series::Look::prediction}}}};
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a page escapes every special character, and what is no UTF-8") {
  CHECK(escaped("<h1 & \"x\" 'y'>") == "&lt;h1 &amp; &quot;x&quot; &#39;y&#39;&gt;");
  CHECK(escaped("\u00e9\u2026") == "\u00e9\u2026");
  CHECK(escaped("a\x01\x7f"
                "b") == "a  b");
  CHECK(escaped("\xff\xc0\xaf\xed\xa0\x80").find('\xff') == std::string::npos);
}

TEST_CASE("a figure that could not be drawn says why and links its data and script") {
  HtmlPage page("<title>", "lead");
  page.section("one & two");
  page.figure(curve("h<1>"), {"", "no gnuplot"}, "report");
  const std::string text = page.text();
  for (const std::string part : {"not drawn. no gnuplot", "href=\"report/curve.csv\"", "href=\"report/curve.gp\"",
                                 "What is seen &amp; why", "one &amp; two", "It&#39;s &lt;a&gt; title"})
    CHECK(has(text, part));
  CHECK_FALSE(has(text, "<script"));
  CHECK_FALSE(has(text, "http"));
}

TEST_CASE("gnuplot's files name axes with units, quote names, and keep a series a block") {
  const GnuplotFiles files = gnuplot_files(curve("it's \"h\", 1"));
  CHECK(files.data ==
        "series,trial (count),loss (nats)\n"
        "\"it's \"\"h\"\", 1\",1,2\n\"it's \"\"h\"\", 1\",2,3\n\n\n"
        "theory,1,2\n");
  for (const std::string part : {"set xlabel 'trial (count)'", "set ylabel 'loss (nats)'", "title 'it''s \"h\", 1'",
                                 "set title 'It''s <a> title'", "dashtype (6,4)"})
    CHECK(has(files.script, part));
}

TEST_CASE("long names keep both ends") {
  CHECK(abbreviated("encoder.layer.11.attention", 11) == "encod\u2026ntion");
  CHECK(abbreviated("h1", 11) == "h1");
}

TEST_CASE("metrics skip a last line that was cut off, and name a broken one") {
  const Scratch scratch;
  put(scratch / "m", std::string_view("{\"kind\":\"train\",\"trial\":1,\"loss\":null,\"free_energy\":1,\"messages\":2,"
                                      "\"acts\":3}\n{\"kind\":\"other\"}\n{\"kind\":\"tr"));
  CHECK(read_metrics(scratch / "m").train.size() == 1);
  put(scratch / "m", std::string_view("{\"kind\":\"other\"}\n[1]\n"));
  CHECK(thrown_by([&] { read_metrics(scratch / "m"); }).starts_with("65: " + (scratch / "m").string() + ":2: "));
}

}  // namespace settle
