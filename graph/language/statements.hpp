// Purpose: divides tokens into statements: one a line, longer where brackets are open. The head of a repeat ends with
// its '{', and a '}' stands alone. A line that begins as a declaration does ends an open bracket too: one forgotten
// parenthesis is then a mistake of its own line only.
// Thread rule: pure.
#pragma once

#include <span>
#include <vector>

#include "graph/language/lexer.hpp"

namespace settle::language {

std::vector<std::span<const Token>> split_statements(const Source& source, std::span<const Token> tokens);

// True where the token is that word.
bool is_word(const Source& source, const Token& token, std::string_view word);

}  // namespace settle::language
