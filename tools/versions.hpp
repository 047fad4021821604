// Purpose: what this program is made of: for `settle version` and a run's manifest. Thread rule: pure.
#pragma once

#include <map>
#include <string>

namespace settle {

// "settle", "compiler", "build_type", "instruction_set" (words with a blank between), and each library by name.
std::map<std::string, std::string> versions();

}  // namespace settle
