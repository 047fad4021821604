#include "sim/report/gnuplot_script.hpp"

#include "sim/report/gnuplot_kinds.hpp"

namespace settle {

GnuplotFiles gnuplot_files(const Plot& plot) {
  return std::visit(
      [&](const auto& content) {
        return GnuplotFiles{gnuplot::data_of(plot, content), gnuplot::script_of(plot, content)};
      },
      plot.content);
}

}  // namespace settle
