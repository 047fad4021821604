// Purpose: what a study's config says: the lines of [study], a place each, and the lines of the run's config around
// them. An argument --study.NAME=VALUES replaces a line or adds one. Caller: plan.cpp. Thread rule: a value type.
// Errors: BadConfig with FILE:LINE; UsageError for an argument without a value.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/config/ini.hpp"
#include "sim/config/load.hpp"

namespace settle {

struct StudyLine {
  std::string name;
  std::string value;
  std::string place;  // "FILE:LINE" or "command line"
};

struct StudyLines {
  std::vector<StudyLine> lines;  // of [study]
  std::vector<IniEntry> config;  // all others

  // Null where there is no line of that name.
  const StudyLine* find(std::string_view name) const;
};

// Takes the arguments of [study] out of `sources`.
StudyLines study_lines(ConfigSources& sources, std::string_view text);

}  // namespace settle
