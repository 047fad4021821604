// Purpose: which vertices a user means: a pattern of names in which `*` stands for any letters, none too, and `?` for
// one. Every other letter, a bracket of an index too, stands for itself. Callers: placements, link rules.
// Thread rule: pure.
#pragma once

#include <string_view>

namespace settle {

bool matches(std::string_view pattern, std::string_view name);

}  // namespace settle
