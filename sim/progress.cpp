#include "sim/progress.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <utility>

namespace settle {
namespace {

constexpr double kRepaintEvery = 0.1;  // seconds
constexpr double kLineEvery = 5;
constexpr std::string_view kErase = "\r\x1b[K";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kPlain = "\x1b[0m";

std::string two_digits(std::uint64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

ProgressStyle progress_style_of(int stream, bool quiet) {
  std::map<std::string, std::string> environment;
  for (const char* name : {"TERM", "NO_COLOR"})
    if (const char* value = std::getenv(name)) environment[name] = value;
  std::size_t columns = 0;
  if (::isatty(stream) != 0) {
    winsize size{};
    columns = ::ioctl(stream, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  }
  return progress_style(columns, environment, quiet);
}

}  // namespace

ProgressStyle progress_style(std::size_t terminal_columns, const std::map<std::string, std::string>& environment,
                             bool quiet) {
  const auto value = [&](const char* name) {
    const auto found = environment.find(name);
    return found == environment.end() ? std::string() : found->second;
  };
  const std::string terminal = value("TERM");
  const bool able = terminal_columns > 0 && terminal != "dumb" && !terminal.empty();
  return {terminal_columns > 0, quiet, able, able && value("NO_COLOR").empty(),
          terminal_columns > 0 ? terminal_columns : 80};
}

ProgressStyle stderr_progress_style(bool quiet) { return progress_style_of(STDERR_FILENO, quiet); }

ProgressStyle stdout_progress_style() { return progress_style_of(STDOUT_FILENO, false); }

Progress::Progress(const ProgressStyle& style, Sink sink, Clock clock)
    : style_(style), sink_(std::move(sink)), clock_(std::move(clock)) {
  // A log's first line comes after the first interval, a terminal's at once.
  next_ = clock_() + (style_.repaint ? 0 : kLineEvery);
}

Progress::~Progress() {
  if (!painted_.empty()) sink_("\n");
}

bool Progress::due() {
  if (style_.quiet) return false;
  const double now = clock_();
  if (now < next_) return false;
  next_ = now + (style_.repaint ? kRepaintEvery : kLineEvery);
  return true;
}

void Progress::show(std::string_view line) {
  if (!style_.repaint) {
    sink_(std::string(line) + "\n");
    return;
  }
  // One column short of the edge: a full line would wrap and could not be painted over.
  painted_ = line.substr(0, std::max<std::size_t>(style_.columns, 2) - 1);
  paint();
}

void Progress::paint() { sink_(std::string(kErase) + painted_); }

void Progress::keep(std::string_view line) {
  sink_(std::string(painted_.empty() ? "" : kErase) + std::string(line) + "\n");
  if (!painted_.empty()) paint();
}

void Progress::log(std::string_view line) const {
  if (log_) log_(std::string(line) + "\n");
}

void Progress::say(std::string_view line) {
  log(line);
  if (!style_.quiet) keep(line);
}

void Progress::note(std::string_view line) {
  log(line);
  keep(style_.colour ? std::string(kYellow) + std::string(line) + std::string(kPlain) : std::string(line));
}

std::string duration_text(double seconds) {
  if (!std::isfinite(seconds)) return "?";
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  const std::uint64_t minutes = whole / 60;
  if (minutes < 60) return std::to_string(minutes) + ":" + two_digits(whole % 60);
  return std::to_string(minutes / 60) + ":" + two_digits(minutes % 60) + ":" + two_digits(whole % 60);
}

}  // namespace settle
