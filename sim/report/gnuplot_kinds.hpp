// Purpose: data and script of each kind of picture. Caller: gnuplot_script.cpp. Thread rule: pure.
#pragma once

#include <string>

#include "sim/report/plot.hpp"

namespace settle::gnuplot {

// A block of the data a series, two blank lines between.
std::string data_of(const Plot& plot, const Curves& curves);
std::string script_of(const Plot& plot, const Curves& curves);

// Across where names are long. Points on a logarithmic axis, on which a bar has no begin.
std::string data_of(const Plot& plot, const Bars& bars);
std::string script_of(const Plot& plot, const Bars& bars);

// A line of the data a cell.
std::string data_of(const Plot& plot, const HeatMap& map);
std::string script_of(const Plot& plot, const HeatMap& map);

}  // namespace settle::gnuplot
