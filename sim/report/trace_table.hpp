// Purpose: a trace of one relaxation read back: a CSV of numbers under a head line, a row a sample. A cell that is
// empty or no number is NaN. Callers: the reports. Thread rule: a value type. Errors: BadData naming FILE:LINE;
// MissingInput.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace settle {

struct TraceTable {
  std::vector<std::string> names;
  std::vector<std::vector<double>> columns;  // by name

  // Null where there is none.
  const std::vector<double>* find(const std::string& name) const;
};

TraceTable read_trace(const std::filesystem::path& file);

}  // namespace settle
