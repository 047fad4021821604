// Purpose: how a report speaks of the columns of studies: label, unit, and what is to be seen. A column that is not
// known keeps its own name. Caller: study figures and tables. Thread rule: pure.
#pragma once

#include <string>

namespace settle {

struct ColumnWords {
  std::string label;
  std::string unit;
  std::string glossary;  // a sentence; may be empty
  double scale = 1;      // from the column's numbers to the unit
};

ColumnWords column_words(const std::string& column);

}  // namespace settle
