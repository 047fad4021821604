// Purpose: the known name that a mistyped one probably meant. Thread rule: a free function.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace settle {

// The candidate at the smallest edit distance (insert, delete, replace, swap neighbours), the first of equals; empty
// where none is near: more than a third of the letters would have to change.
std::string nearest_name(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace settle
