#include "sim/config/ini.hpp"

#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <sstream>

#include "sim/text.hpp"

namespace settle {
namespace {

namespace options = boost::program_options;

bool is_section(std::string_view line) { return line.size() > 2 && line.front() == '[' && line.back() == ']'; }

// The entries of one line under the given section header (at most one; none for a comment).
std::vector<IniEntry> parse_line(std::string_view section, std::string_view line, std::size_t number) {
  std::istringstream stream(std::string(section) + "\n" + std::string(line) + "\n");
  static const options::options_description nothing_known;
  std::vector<IniEntry> entries;
  for (const auto& option : options::parse_config_file(stream, nothing_known, true).options)
    entries.push_back({option.string_key, option.value.empty() ? "" : option.value.front(), number});
  return entries;
}

}  // namespace

IniText parse_ini(std::string_view text) {
  IniText result;
  std::string section;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = trimmed(raw.substr(0, raw.find('#')));
    if (line.empty()) continue;
    if (is_section(line)) {
      section = line;
      continue;
    }
    try {
      for (IniEntry& entry : parse_line(section, line, number)) result.entries.push_back(std::move(entry));
    } catch (const options::error&) {
      result.mistakes.push_back(
          {number, "'" + std::string(line.substr(0, 60)) + "' is neither [section] nor key = value"});
    }
  }
  return result;
}

}  // namespace settle
