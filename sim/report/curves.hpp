// Purpose: small steps that every picture takes: which of many things are drawn, whether an axis can be logarithmic and
// where it begins. Caller: the reports. Thread rule: pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/report/plot.hpp"

namespace settle {

inline constexpr std::size_t kMostCurves = 6;   // that keep apart by colour alone
inline constexpr std::size_t kMostStyles = 12;  // by colour, point and dash

// Which of `count` things in an order are shown where `most` can be: evenly spread, both ends among them.
std::vector<std::size_t> spread_out(std::size_t count, std::size_t most);

// " 6 of 40 vertices are drawn; all are in the data." Empty where all are.
std::string note_of_choice(std::size_t drawn, std::size_t count, const std::string& what);

// Whether any drawn point can be: is finite.
bool has_points(const std::vector<Series>& series);

// Numbers of 0 or above that span more than a factor of 20 show more on a logarithmic axis.
bool suits_logarithm(const std::vector<Series>& series);

// What an axis has to show: numbers, and the ends of intervals around them.
struct Shown {
  std::vector<double> numbers;
  std::vector<double> ends;

  void add(const Point& point);  // its y and interval
};

// Fits an axis to all of that. On a logarithmic one an exact 0 stands a decade below all else, and intervals that reach
// below 0 end at its begin; one that has no number above 0 becomes linear. An axis without extent gets one. An end that
// is given stays.
void fit_axis(Axis& axis, const Shown& shown);

// A sentence for the caption where 0 stands there; else empty.
std::string note_of_zero(const Axis& axis);

// Of a picture of curves: the vertical axis, logarithmic where that suits and its begin is not given.
void fit_vertical(Plot& plot);

}  // namespace settle
