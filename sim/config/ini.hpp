// Purpose: an INI text as its entries and their lines. The syntax is Boost.Program_options' (`[section]`, `key =
// value`,
// `#` starts a comment), asked line by line, so that every mistake of the text is found and has its line.
// Callers: load.cpp, the fuzz target. Thread rule: a free function. Errors: none; mistakes are values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct IniEntry {
  std::string key;  // "section.key", or "key" before any section
  std::string value;
  std::size_t line = 0;  // from 1
};

struct IniMistake {
  std::size_t line = 0;
  std::string message;
};

struct IniText {
  std::vector<IniEntry> entries;
  std::vector<IniMistake> mistakes;
};

IniText parse_ini(std::string_view text);

}  // namespace settle
