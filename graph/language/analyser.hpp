// Purpose: syntax tree -> Graph: names, argument rules, shapes. Goes on after a mistake; a name whose own line failed
// causes no further ones.
// Thread rule: pure.
#pragma once

#include "graph/language/ast.hpp"
#include "graph/language/diagnostics.hpp"
#include "graph/language/language.hpp"

namespace settle::language {

// Null where `diagnostics` holds a mistake afterwards.
GraphPtr analyse(const Source& source, const SyntaxTree& tree, const LanguageOptions& options,
                 Diagnostics& diagnostics);

}  // namespace settle::language
