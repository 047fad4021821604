// Purpose: pictures by the program `gnuplot`, where it is installed; data and script are kept beside each.
// Caller: reports. Thread rule: any thread; one user of a folder.
// Errors: CannotCreate, CannotWrite. That gnuplot is missing or fails is a value: a report without pictures is one.
#pragma once

#include <filesystem>
#include <string>

#include "sim/report/plot.hpp"

namespace settle {

struct Drawing {
  std::string svg;      // empty: not drawn
  std::string problem;  // why not, and what to do
};

// Writes NAME.csv and NAME.gp into `folder`, which exists, and lets gnuplot write NAME.svg.
Drawing draw(const Plot& plot, const std::filesystem::path& folder);

}  // namespace settle
