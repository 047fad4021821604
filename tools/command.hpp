// Purpose: what a command of `settle` is, and the program that finds and runs one. Adding a command: one file in
// tools/commands and one line in tools/commands/list.cpp. A command writes its results to stdout, everything else to
// stderr; it returns the exit code of an outcome and throws the errors of graph/error.hpp, which the program catches
// once. Thread rule: the main thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace settle {

struct Option {
  std::string_view name;      // without the dashes
  std::string_view argument;  // as the help shows it ("DIR"); empty: a flag
  std::string_view help;      // one line
};

struct Command;

// The words after the command's name.
struct Arguments {
  const Command* command;
  std::vector<std::string> words;
};

struct Command {
  std::string_view name;
  std::string_view usage;           // what follows the name, in one line
  std::string_view summary;         // one line
  std::span<const Option> options;  // what tools/options.hpp reads; empty where the command reads its words itself
  std::string_view details;         // paragraphs and examples, lines ended
  int (*run)(const Arguments&);
};

// In the order of the help.
std::span<const Command* const> commands();

// What `settle COMMAND --help` prints.
std::string help_of(const Command& command);

// `words`: without the program's name. Returns the exit code; throws nothing.
int run_program(const std::vector<std::string>& words);

}  // namespace settle
