#include <algorithm>
#include <exception>
#include <functional>
#include <iomanip>
#include <iostream>
#include <new>
#include <sstream>

#include "graph/error.hpp"
#include "graph/suggest.hpp"
#include "sim/config/keys.hpp"
#include "tools/command.hpp"
#include "tools/standard_streams.hpp"

namespace settle {
namespace {

// Pairs in two columns, indented.
std::string columns(const std::vector<std::pair<std::string, std::string>>& rows) {
  std::size_t width = 0;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  std::ostringstream text;
  for (const auto& [left, right] : rows)
    text << "  " << std::left << std::setw(static_cast<int>(width)) << left << "  " << right << "\n";
  return text.str();
}

std::string short_help() {
  std::vector<std::pair<std::string, std::string>> rows;
  for (const Command* command : commands()) rows.emplace_back(command->name, command->summary);
  rows.emplace_back("help", "show this, or how to use a command: settle help COMMAND");
  return "usage: settle COMMAND [ARGUMENTS]\n\n"
         "Trains and studies predictive coding on computation graphs, every vertex an actor.\n\n" +
         columns(rows) +
         "\nsettle help config lists the keys of a config; settle --version tells the version.\n"
         "Exit codes: 0 ok, 1 internal fault, 2 usage, 65 bad data, 66 missing input, 69 a peer is gone,\n"
         "73 cannot create, 74 cannot write, 75 stopped early (run again to resume), 76 diverged,\n"
         "77 not authorised, 78 bad config, 130/143 interrupted.\n";
}

const Command& find_command(const std::string& name) {
  std::vector<std::string> names;
  for (const Command* command : commands()) {
    if (command->name == name) return *command;
    names.emplace_back(command->name);
  }
  names.emplace_back("help");
  const auto nearest = nearest_word(name, names);
  throw UsageError("there is no command '" + name + "'" + (nearest ? "; did you mean '" + *nearest + "'?" : "") +
                   " (settle help lists the commands)");
}

int help(const std::vector<std::string>& words) {
  if (words.size() > 1) throw UsageError("settle help takes one command; settle help lists them");
  if (words.empty())
    std::cout << short_help();
  else if (words[0] == "config")
    std::cout << config_help();
  else if (words[0] == "help")
    std::cout << "usage: settle help [COMMAND|config]\n";
  else
    std::cout << help_of(find_command(words[0]));
  return 0;
}

bool asks_for_help(const std::string& word) { return word == "--help" || word == "-h"; }

int run(const std::vector<std::string>& words) {
  if (words.empty()) {
    std::cerr << short_help();
    return static_cast<int>(ExitCode::usage);
  }
  const std::vector<std::string> rest(words.begin() + 1, words.end());
  if (words[0] == "help" || asks_for_help(words[0])) return help(rest);
  const Command& command = find_command(words[0] == "--version" ? "version" : words[0]);
  const auto end = std::find(rest.begin(), rest.end(), "--");
  if (std::any_of(rest.begin(), end, asks_for_help)) return help({std::string(command.name)});
  return command.run({&command, rest});
}

// The one place that turns an exception into a line and an exit code.
int guarded(const std::function<int()>& body) {
  try {
    return body();
  } catch (const Error& error) {
    std::cerr << "settle: " << error.what() << std::endl;
    return static_cast<int>(error.exit_code());
  } catch (const std::bad_alloc&) {
    std::cerr << "settle: out of memory; take a smaller batch or model, or float32" << std::endl;
  } catch (const std::exception& error) {
    std::cerr << "settle: internal fault: " << error.what() << "; please report it with the command line" << std::endl;
  } catch (...) {
    std::cerr << "settle: internal fault of an unknown kind; please report it with the command line" << std::endl;
  }
  return static_cast<int>(ExitCode::internal_fault);
}

}  // namespace

std::string help_of(const Command& command) {
  std::string text = "usage: settle " + std::string(command.name);
  if (!command.usage.empty()) text += " " + std::string(command.usage);
  text += "\n\n" + std::string(command.summary) + "\n";
  if (!command.options.empty()) {
    std::vector<std::pair<std::string, std::string>> rows;
    for (const Option& option : command.options) {
      std::string left = "--" + std::string(option.name);
      if (!option.argument.empty()) left += " " + std::string(option.argument);
      rows.emplace_back(std::move(left), option.help);
    }
    text += "\n" + columns(rows);
  }
  if (!command.details.empty()) text += "\n" + std::string(command.details);
  return text;
}

int run_program(const std::vector<std::string>& words) {
  prepare_standard_streams();
  const int outcome = guarded([&] { return run(words); });
  const int delivered = guarded([] {
    flush_results();
    return 0;
  });
  return outcome != 0 ? outcome : delivered;
}

}  // namespace settle
