#include "sim/progress.hpp"

#include <doctest/doctest.h>

#include <limits>

namespace settle {
namespace {

// What a run prints while a clock of our own goes on.
struct Screen {
  explicit Screen(const ProgressStyle& style)
      : progress(
            style, [this](std::string_view text) { output += text; }, [this] { return now; }) {}

  void at(double time, const std::string& line) {
    now = time;
    progress.update([&] {
      ++described;
      return line;
    });
  }

  std::string output;
  double now = 0;
  int described = 0;
  Progress progress;
};

}  // namespace

TEST_CASE("a terminal's line is painted over, ten times a second at most") {
  Screen screen({.repaint = true});
  screen.at(0.0, "one");
  screen.at(0.05, "two");
  screen.at(0.11, "three");
  CHECK(screen.output == "\r\x1b[Kone\r\x1b[Kthree");
  CHECK(screen.described == 2);
}

TEST_CASE("elsewhere a plain line comes every few seconds") {
  Screen screen({});
  screen.at(0.0, "zero");
  screen.at(4.9, "early");
  screen.at(5.0, "five");
  screen.at(9.0, "early");
  screen.at(10.5, "ten");
  CHECK(screen.output == "five\nten\n");
}

TEST_CASE("quiet shows notes and nothing else") {
  Screen screen({.quiet = true, .repaint = true});
  screen.at(100, "x");
  screen.progress.note("warning: y");
  screen.progress.say("z");
  CHECK(screen.output == "warning: y\n");
  CHECK(screen.described == 0);
}

TEST_CASE("a note stays above the painted line") {
  Screen screen({.repaint = true, .colour = true});
  screen.at(0, "a");
  screen.output.clear();
  screen.progress.note("warning: b");
  CHECK(screen.output == "\r\x1b[K\x1b[33mwarning: b\x1b[0m\n\r\x1b[Ka");
}

TEST_CASE("what is said stays above the painted line and is not marked") {
  Screen screen({.repaint = true, .colour = true});
  screen.at(0, "a");
  screen.output.clear();
  screen.progress.say("epoch 1");
  CHECK(screen.output == "\r\x1b[Kepoch 1\n\r\x1b[Ka");
}

TEST_CASE("a painted line never reaches the terminal's edge") {
  Screen screen({.repaint = true, .columns = 5});
  screen.at(0, "abcdefgh");
  CHECK(screen.output == "\r\x1b[Kabcd");
}

TEST_CASE("a run that ends early leaves the cursor on a line of its own") {
  std::string output;
  {
    Progress progress(
        {.repaint = true}, [&](std::string_view text) { output += text; }, [] { return 0.0; });
    progress.update([] { return "a"; });
  }
  CHECK(output == "\r\x1b[Ka\n");
}

TEST_CASE("the style follows the terminal, TERM, NO_COLOR and quiet") {
  CHECK(progress_style(120, {{"TERM", "xterm"}}, false).repaint);
  CHECK(progress_style(120, {{"TERM", "xterm"}}, false).colour);
  CHECK(progress_style(120, {{"TERM", "xterm"}}, false).columns == 120);
  CHECK_FALSE(progress_style(0, {{"TERM", "xterm"}}, false).repaint);
  CHECK_FALSE(progress_style(120, {{"TERM", "dumb"}}, false).repaint);
  CHECK_FALSE(progress_style(120, {{"TERM", "dumb"}}, false).colour);
  CHECK_FALSE(progress_style(120, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false).colour);
  CHECK(progress_style(120, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false).repaint);
  CHECK(progress_style(120, {{"TERM", "xterm"}, {"NO_COLOR", ""}}, false).colour);
  CHECK(progress_style(120, {}, true).quiet);
}

TEST_CASE("a log gets what is said and noted in plain, on a quiet terminal too, and no progress") {
  Screen screen({.quiet = true, .repaint = true, .colour = true});
  std::string log;
  screen.progress.copy_to([&](const std::string& line) { log += line; });
  screen.at(0.0, "painted");
  screen.progress.say("said");
  screen.progress.note("noted");
  CHECK(log == "said\nnoted\n");
  CHECK(screen.output == "\x1b[33mnoted\x1b[0m\n");
}

TEST_CASE("durations read as clocks do") {
  CHECK(duration_text(0) == "0:00");
  CHECK(duration_text(7.4) == "0:07");
  CHECK(duration_text(59.6) == "1:00");
  CHECK(duration_text(750) == "12:30");
  CHECK(duration_text(12300) == "3:25:00");
  CHECK(duration_text(std::numeric_limits<double>::infinity()) == "?");
}

}  // namespace settle
