#include "sim/report/gnuplot.hpp"

#include <algorithm>

#include "sim/atomic_file.hpp"
#include "sim/external_program.hpp"
#include "sim/read_file.hpp"
#include "sim/report/gnuplot_script.hpp"

namespace settle {
namespace {

// Runs `gnuplot NAME.gp` in the folder, without the user's own settings. Returns what went wrong. A usual picture takes
// 50 ms.
std::string run_gnuplot(const std::string& script, const std::filesystem::path& folder) {
  const ProgramOutcome outcome = run_program(
      {.words = {"gnuplot", "--default-settings", script}, .folder = folder, .patience = std::chrono::minutes(1)});
  if (!outcome.not_started.empty())
    return "pictures need the program gnuplot (" + outcome.not_started +
           "); install it (Debian: gnuplot-nox) and make the report again";
  if (!outcome.ended_in_time) return "gnuplot did not end within a minute and was stopped";
  if (outcome.succeeded()) return "";
  std::string words = outcome.err.substr(0, 500);
  std::ranges::replace_if(
      words, [](unsigned char c) { return c < 0x20; }, ' ');
  return "gnuplot failed: " + words;
}

}  // namespace

Drawing draw(const Plot& plot, const std::filesystem::path& folder) {
  const GnuplotFiles files = gnuplot_files(plot);
  const std::filesystem::path picture = folder / (plot.name + ".svg");
  write_file_atomically(folder / (plot.name + ".csv"), files.data);
  write_file_atomically(folder / (plot.name + ".gp"), files.script);
  FileSystem::system().remove(picture);  // one of an earlier report must not stand for this one
  Drawing drawing;
  drawing.problem = run_gnuplot(plot.name + ".gp", folder);
  if (drawing.problem.empty()) drawing.svg = read_text(picture);
  return drawing;
}

}  // namespace settle
