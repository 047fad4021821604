// Purpose: environment variables of a test's own.
#pragma once

#include <map>

#include "sim/launch/rank.hpp"

namespace settle {

using Variables = std::map<std::string, std::string>;

inline Environment given(Variables variables) {
  return [variables = std::move(variables)](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    return found == variables.end() ? std::nullopt : std::optional(found->second);
  };
}

}  // namespace settle
