// Purpose: how far a run is, on stderr: one repainted line on a terminal, a plain line every few seconds elsewhere,
// nothing where the user wants it quiet. Caller: the session. Thread rule: one user. Clock and sink are arguments.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace settle {

struct ProgressStyle {
  bool terminal = false;
  bool quiet = false;    // no progress; notes still appear
  bool repaint = false;  // a terminal that understands carriage return and erase
  bool colour = false;   // of notes
  std::size_t columns = 80;
};

// For a stream that is a terminal of so many columns (0: none). TERM=dumb: no repainting and no colour; NO_COLOR, not
// empty: no colour.
ProgressStyle progress_style(std::size_t terminal_columns, const std::map<std::string, std::string>& environment,
                             bool quiet);
// For this process's stderr or stdout and environment.
ProgressStyle stderr_progress_style(bool quiet);
ProgressStyle stdout_progress_style();

class Progress {
 public:
  using Sink = std::function<void(std::string_view)>;
  using Clock = std::function<double()>;  // seconds, never falling

  Progress(const ProgressStyle& style, Sink sink, Clock clock);
  // Ends the painted line, so that what follows starts on its own.
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Shows `describe()`, a line without its end, if it is time; call it as often as you like.
  template <class Describe>
  void update(Describe describe) {
    if (due()) show(describe());
  }
  // Gets every line that is said or noted, its end included, quiet or not and without colour.
  void copy_to(std::function<void(const std::string&)> log) { log_ = std::move(log); }

  // A line that stays, above the painted one.
  void say(std::string_view line);
  // The same for what the user must know: marked, and not silenced by quiet.
  void note(std::string_view line);

 private:
  bool due();
  void show(std::string_view line);
  void keep(std::string_view line);
  void log(std::string_view line) const;
  void paint();

  ProgressStyle style_;
  Sink sink_;
  Clock clock_;
  std::function<void(const std::string&)> log_;
  double next_ = 0;
  std::string painted_;  // what stands on the unfinished line
};

// "0:07", "12:30", "3:25:00". Requires: seconds >= 0 (infinity: "?").
std::string duration_text(double seconds);

}  // namespace settle
