// Purpose: the tokens of one statement -> syntax tree. A statement with a mistake is reported once and kept as
// `failed`, with the names it would have declared, so that lines that use those names are not blamed.
// Thread rule: pure.
#pragma once

#include <optional>
#include <span>

#include "graph/language/ast.hpp"
#include "graph/language/lexer.hpp"

namespace settle::language {

// Nodes go to `tree`, the statement to the caller, who knows what is around it. Requires: `tokens` is not empty.
Statement parse_statement(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                          Diagnostics& diagnostics);

// The whole text is one expression. Nothing after a mistake, which is reported.
std::optional<NodeIndex> parse_expression(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                                          Diagnostics& diagnostics);

}  // namespace settle::language
