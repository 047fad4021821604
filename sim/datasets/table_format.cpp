#include "sim/datasets/table_format.hpp"

#include <charconv>
#include <cmath>
#include <string>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr const char* kFormat = "; write INPUTS : TARGETS ; INPUTS : TARGETS, as in 0 1 : 1 ; 1 1 : 0";

[[noreturn]] void fail(std::uint32_t row, const std::string& what) {
  throw BadConfig("data.rows: row " + std::to_string(row) + ": " + what + kFormat);
}

// Appends the numbers of `text`; returns how many.
std::size_t append_numbers(std::string_view text, std::uint32_t row, std::vector<double>& out) {
  constexpr std::string_view kSeparators = " \t,";
  std::size_t count = 0;
  for (std::size_t at = text.find_first_not_of(kSeparators); at != std::string_view::npos;
       at = text.find_first_not_of(kSeparators, at)) {
    const std::string_view word = text.substr(at, text.find_first_of(kSeparators, at) - at);
    double value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size() || !std::isfinite(value))
      fail(row, "'" + std::string(word) + "' is not a number");
    out.push_back(value);
    ++count;
    at += word.size();
  }
  return count;
}

}  // namespace

TableRows parse_rows(std::string_view text) {
  TableRows rows;
  while (text.find_first_not_of(" \t;") != std::string_view::npos) {
    const std::size_t end = std::min(text.find(';'), text.size());
    const std::string_view row = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::uint32_t number = ++rows.count;
    const std::size_t colon = row.find(':');
    if (colon == std::string_view::npos || row.find(':', colon + 1) != std::string_view::npos)
      fail(number, "one ':' must stand between inputs and targets");
    const std::size_t inputs = append_numbers(row.substr(0, colon), number, rows.inputs);
    const std::size_t targets = append_numbers(row.substr(colon + 1), number, rows.targets);
    if (inputs == 0 || targets == 0) fail(number, "inputs or targets are missing");
    if (number == 1) {
      rows.input_size = inputs;
      rows.target_size = targets;
    } else if (inputs != rows.input_size || targets != rows.target_size) {
      fail(number, std::to_string(inputs) + " inputs and " + std::to_string(targets) + " targets, the first row has " +
                       std::to_string(rows.input_size) + " and " + std::to_string(rows.target_size));
    }
  }
  if (rows.count == 0) throw BadConfig(std::string("data.rows: no rows") + kFormat);
  return rows;
}

}  // namespace settle
