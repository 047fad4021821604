// Purpose: a text, and the texts that it includes, -> syntax tree: blocks and their ends, includes in their place.
// A file that is included again is read once.
// Thread rule: as the IncludeReader's.
#pragma once

#include "graph/language/ast.hpp"
#include "graph/language/diagnostics.hpp"
#include "graph/language/language.hpp"

namespace settle::language {

// Files within each other.
inline constexpr std::size_t kMaxIncludes = 16;

// Adds what is included to `source`. Errors: MissingInput with the place of an include whose file cannot be read.
SyntaxTree read_tree(Source& source, const IncludeReader& include, Diagnostics& diagnostics);

}  // namespace settle::language
