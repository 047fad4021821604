// Purpose: divides tokens into statements: one a line, longer where brackets are open. A line that begins as a
// declaration does ends an open bracket too: one forgotten parenthesis is then a mistake of its own line only.
// Thread rule: pure.
#pragma once

#include <span>
#include <vector>

#include "graph/language/lexer.hpp"

namespace settle::language {

std::vector<std::span<const Token>> split_statements(std::span<const Token> tokens);

}  // namespace settle::language
