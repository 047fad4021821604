// Purpose: "did you mean": the known word that is nearest to an unknown one.
// Thread rule: pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace settle {

// Edit distance with transpositions of neighbours (optimal string alignment), counted in bytes.
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate nearest to `word`, the first of equals; nothing where none is near enough to be a slip of the fingers:
// at most one edit per three letters, and one in shorter words. Case alone is never a difference.
std::optional<std::string> nearest_word(std::string_view word, std::span<const std::string> candidates);

}  // namespace settle
