// Purpose: a plot as the two files that gnuplot draws it from and that a user may restyle: NAME.csv, tidy data with a
// head line, and NAME.gp, which writes NAME.svg beside it (`gnuplot NAME.gp`). The SVG's frame and texts are drawn in
// gnuplot's black, which a page may replace by its own text colour; its ground is transparent where the plot names
// none. Series keep apart by colour (Okabe and Ito's, which the colour-blind tell apart), by point and by dash. Caller:
// sim/report/gnuplot.hpp. Thread rule: pure: the same plot makes the same bytes.
#pragma once

#include <string>

#include "sim/report/plot.hpp"

namespace settle {

struct GnuplotFiles {
  std::string data;
  std::string script;
};

GnuplotFiles gnuplot_files(const Plot& plot);

}  // namespace settle
