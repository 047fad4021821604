// Purpose: text -> tokens. Comments and spaces are dropped; a line end is kept as `starts_line` of the next token.
// Errors: a character or number that is none is reported and becomes a token of kind `invalid`, so that the line it is
// in is known to be wrong already.
// Thread rule: pure.
#pragma once

#include <vector>

#include "graph/language/diagnostics.hpp"

namespace settle::language {

enum class TokenKind {
  name,  // [A-Za-z_][A-Za-z0-9_]*, also with single dots inside (a parameter vertex, "W.weight")
  number,
  plus,
  minus,
  star,
  slash,
  caret,
  open,   // (
  close,  // )
  comma,
  equals,
  tilde,
  bracket_open,
  bracket_close,
  brace_open,
  brace_close,
  dots,    // ..
  member,  // .weight behind a ']'
  quoted,  // "layers.graph", within one line
  invalid,
  end,  // beyond the last token of a statement
};

struct Token {
  TokenKind kind = TokenKind::end;
  Range at;
  double number = 0;  // kind number
  bool starts_line = false;
};

std::vector<Token> lex(const Source& source, std::uint32_t file, Diagnostics& diagnostics);

}  // namespace settle::language
