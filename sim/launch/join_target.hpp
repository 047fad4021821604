// Purpose: whom `settle worker --join` means: a rendezvous file, or host 0 by its address. A path has a slash in it or
// ends in .json; all else is ADDRESS:PORT. Thread rule: pure.
#pragma once

#include <filesystem>
#include <string>
#include <variant>

#include "actors/host_address.hpp"

namespace settle {

using JoinTarget = std::variant<std::filesystem::path, HostAddress>;

// Errors: UsageError quoting `text` and saying what it lacks.
JoinTarget read_join_target(const std::string& text);

}  // namespace settle
