#include "sim/study/lines.hpp"

#include <algorithm>

#include "graph/error.hpp"

namespace settle {
namespace {

constexpr std::string_view kSection = "study.";

void read_file(StudyLines& result, const std::string& file, std::string_view text) {
  const IniText ini = parse_ini(text);
  for (const IniMistake& mistake : ini.mistakes)
    throw BadConfig(file + ":" + std::to_string(mistake.line) + ": " + mistake.message);
  for (const IniEntry& entry : ini.entries) {
    if (!entry.key.starts_with(kSection)) {
      result.config.push_back(entry);
      continue;
    }
    StudyLine line{entry.key.substr(kSection.size()), entry.value, file + ":" + std::to_string(entry.line)};
    if (result.find(line.name)) throw BadConfig(line.place + ": '" + line.name + "' is given twice; remove one");
    result.lines.push_back(std::move(line));
  }
}

void take_arguments(StudyLines& result, std::vector<std::string>& arguments) {
  const std::string prefix = "--" + std::string(kSection);
  std::vector<std::string> others;
  for (auto word = arguments.begin(); word != arguments.end(); ++word) {
    if (!word->starts_with(prefix)) {
      others.push_back(*word);
      continue;
    }
    StudyLine line{word->substr(prefix.size()), "", "command line"};
    if (const std::size_t equals = line.name.find('='); equals != std::string::npos) {
      line.value = line.name.substr(equals + 1);
      line.name.resize(equals);
    } else if (std::next(word) == arguments.end()) {
      throw UsageError("command line: " + *word + " needs a value");
    } else {
      line.value = *++word;
    }
    const auto same = std::ranges::find(result.lines, line.name, &StudyLine::name);
    if (same == result.lines.end())
      result.lines.push_back(std::move(line));
    else
      *same = std::move(line);
  }
  arguments = std::move(others);
}

}  // namespace

const StudyLine* StudyLines::find(std::string_view name) const {
  const auto line = std::ranges::find(lines, name, &StudyLine::name);
  return line == lines.end() ? nullptr : &*line;
}

StudyLines study_lines(ConfigSources& sources, std::string_view text) {
  StudyLines result;
  read_file(result, sources.file.string(), text);
  take_arguments(result, sources.arguments);
  return result;
}

}  // namespace settle
