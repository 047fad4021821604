// Purpose: the few samples that a config writes out as "INPUTS : TARGETS ; INPUTS : TARGETS ...", numbers separated by
// spaces or commas. Callers: the table dataset, the config (to check the text). Thread rule: a free function.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace settle {

struct TableRows {
  std::uint32_t count = 0;
  std::size_t input_size = 0;
  std::size_t target_size = 0;
  std::vector<double> inputs;   // [count, input_size]
  std::vector<double> targets;  // [count, target_size]
};

// Errors: BadConfig naming the key data.rows, the row (from 1) and the cause.
TableRows parse_rows(std::string_view text);

}  // namespace settle
