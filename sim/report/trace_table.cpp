#include "sim/report/trace_table.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>

#include "graph/error.hpp"
#include "sim/config/key_types.hpp"
#include "sim/read_file.hpp"
#include "sim/text.hpp"

namespace settle {

const std::vector<double>* TraceTable::find(const std::string& name) const {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? nullptr : &columns[static_cast<std::size_t>(found - names.begin())];
}

TraceTable read_trace(const std::filesystem::path& file) {
  std::istringstream text(read_text(file));
  TraceTable table;
  std::string row;
  for (std::size_t line = 1; std::getline(text, row); ++line) {
    const std::vector<std::string> cells = csv_cells(row);
    if (line == 1) {
      table.names = cells;
      table.columns.resize(cells.size());
    } else if (cells.size() != table.names.size()) {
      throw BadData(file.string() + ":" + std::to_string(line) + ": has " + std::to_string(cells.size()) +
                    " cells under a head of " + std::to_string(table.names.size()) +
                    "; take the line out, or run again");
    } else {
      for (std::size_t i = 0; i < cells.size(); ++i)
        table.columns[i].push_back(key_types::number_of<double>(cells[i]).value_or(NAN));
    }
  }
  return table;
}

}  // namespace settle
