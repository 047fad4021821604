#include "sim/config/given.hpp"

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>
#include <cctype>

#include "sim/config/ini.hpp"
#include "sim/config/keys.hpp"

namespace settle {
namespace {

namespace options = boost::program_options;

constexpr std::string_view kPrefix = "SETTLE_";

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return result;
}

bool is_section(const std::string& name) {
  return std::ranges::any_of(config_keys(), [&](const ConfigKey& key) { return key.name.starts_with(name + "."); });
}

options::options_description all_options() {
  options::options_description known;
  for (const ConfigKey& key : config_keys())
    known.add_options()(std::string(key.name).c_str(), options::value<std::string>());
  return known;
}

}  // namespace

std::vector<GivenValue> given_by_file(std::string_view text, const std::filesystem::path& file,
                                      ConfigMistakes& mistakes) {
  const IniText ini = parse_ini(text);
  const auto place = [&](std::size_t line) { return file.string() + ":" + std::to_string(line); };
  for (const IniMistake& mistake : ini.mistakes)
    mistakes.add(ExitCode::bad_config, place(mistake.line) + ": " + mistake.message);
  std::vector<GivenValue> given;
  for (const IniEntry& entry : ini.entries)
    given.push_back({entry.key, entry.value, place(entry.line), std::filesystem::absolute(file).parent_path(),
                     ExitCode::bad_config});
  return given;
}

std::vector<GivenValue> given_by_environment(const std::map<std::string, std::string>& environment) {
  std::vector<GivenValue> given;
  for (const auto& [name, value] : environment) {
    const std::size_t gap = name.find("__");
    if (!name.starts_with(kPrefix) || gap == std::string::npos || gap < kPrefix.size()) continue;
    const std::string section = lower(std::string_view(name).substr(kPrefix.size(), gap - kPrefix.size()));
    if (!is_section(section)) continue;  // somebody else's
    given.push_back({section + "." + lower(std::string_view(name).substr(gap + 2)), value, "environment " + name,
                     std::filesystem::current_path(), ExitCode::bad_config});
  }
  return given;
}

std::vector<GivenValue> given_by_arguments(const std::vector<std::string>& arguments, ConfigMistakes& mistakes) {
  static const options::options_description known = all_options();
  std::vector<GivenValue> given;
  const auto add = [&](const std::string& key, const std::string& value) {
    given.push_back({key, value, "command line", std::filesystem::current_path(), ExitCode::usage});
  };
  // Boost takes no "--key=", which unsets what a file or the environment gives.
  std::vector<std::string> words;
  for (const std::string& word : arguments) {
    if (word.starts_with("--") && word.find('=') + 1 == word.size())
      add(word.substr(2, word.size() - 3), "");
    else
      words.push_back(word);
  }
  try {
    constexpr int kStyle = options::command_line_style::allow_long | options::command_line_style::long_allow_adjacent |
                           options::command_line_style::long_allow_next;
    const auto parsed = options::command_line_parser(words).options(known).style(kStyle).allow_unregistered().run();
    for (const auto& option : parsed.options) {
      if (option.string_key.empty()) {
        mistakes.add(ExitCode::usage, "command line: '" + option.value.front() + "' is not expected here");
        continue;
      }
      add(option.string_key, option.value.empty() ? "" : option.value.front());
    }
  } catch (const options::error& error) {
    mistakes.add(ExitCode::usage, std::string("command line: ") + error.what());
  }
  return given;
}

}  // namespace settle
