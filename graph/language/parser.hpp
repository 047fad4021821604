// Purpose: tokens -> syntax tree. A statement with a mistake is reported once and kept as `failed`, with the names it
// would have declared, so that reading goes on at the next statement and lines that use those names are not blamed.
// Thread rule: pure.
#pragma once

#include <optional>
#include <span>

#include "graph/language/ast.hpp"
#include "graph/language/lexer.hpp"

namespace settle::language {

SyntaxTree parse(const Source& source, std::span<const Token> tokens, Diagnostics& diagnostics);

// The whole text is one expression; the tree has no statement. Nothing after a mistake, which is reported.
std::optional<NodeIndex> parse_expression(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                                          Diagnostics& diagnostics);

}  // namespace settle::language
