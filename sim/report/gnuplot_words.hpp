// Purpose: the lines of a gnuplot script that pictures of every kind share. Caller: gnuplot_*.cpp. Thread rule: pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle::gnuplot {

inline constexpr int kWidth = 640;  // points
inline constexpr int kHeight = 400;
inline constexpr int kWide = 1240;  // across the page
inline constexpr std::size_t kLongestName = 26;

// A curve's or bar's looks. Twelve keep apart: by colour, by point and, the second six, by dash.
std::string colour(std::size_t index);  // "'#0072B2'"
std::string point_type(std::size_t index);
std::string dash_type(std::size_t index);

std::string quoted(std::string_view text);
// "loss (nats)"
std::string label(const Axis& axis);
// Title, range and scale of axis `name`: "x", "y", "cb".
std::string axis_lines(const std::string& name, const Axis& axis);
// The data's column as it stands on axis `name`: "3", or an expression that has a place for what is not above 0.
std::string column_on(const std::string& name, const Axis& axis, int column);
// How much further the one column stands than the other.
std::string difference_on(const std::string& name, const Axis& axis, int to, int from);
// Everything before the axes.
std::string head(const Plot& plot, int width = kWidth, int height = kHeight);
// A key above the plot with these entries.
std::string key_lines(const std::string& title, const std::vector<std::string>& entries);
// How much higher than one line that is.
int key_growth(const std::string& title, const std::vector<std::string>& entries);
// Names of series or bars as they are written.
std::vector<std::string> written(const std::vector<std::string>& names);
// Names at the whole numbers of axis `name`; of many, as many as `most`, evenly spread.
std::string name_tics(const std::string& name, const std::vector<std::string>& names, std::size_t most);
// "'NAME.csv' skip 1"
std::string source(const Plot& plot);
std::string plot_command(const std::vector<std::string>& plots);

}  // namespace settle::gnuplot
