// Purpose: small steps that every picture of curves takes: which of many series are drawn, whether an axis can be
// logarithmic. Caller: the reports. Thread rule: pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle {

inline constexpr std::size_t kMostCurves = 6;  // that keep apart by colour

// Which of `count` things in an order are shown where `most` can be: evenly spread, both ends among them.
std::vector<std::size_t> spread_out(std::size_t count, std::size_t most);

// " 6 of 40 vertices are drawn; all are in the data." Empty where all are.
std::string note_of_choice(std::size_t drawn, std::size_t count, const std::string& what);

// A logarithmic axis where that shows more: all numbers are 0 or above and they span more than a factor of 20. An exact
// 0 has no place on it.
bool suits_logarithm(const std::vector<Series>& series);

// Sets a vertical axis whose begin is not given: logarithmic where it suits; one without extent gets one.
void fit_vertical(Plot& plot);

}  // namespace settle
