#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

bool opens(TokenKind kind) { return kind == TokenKind::open || kind == TokenKind::bracket_open; }
bool closes(TokenKind kind) { return kind == TokenKind::close || kind == TokenKind::bracket_close; }

// NAME ~, or NAME = where it cannot be an argument's keyword.
bool looks_like_declaration(std::span<const Token> tokens, std::size_t i) {
  if (tokens[i].kind != TokenKind::name || i + 1 >= tokens.size()) return false;
  if (tokens[i + 1].kind == TokenKind::tilde) return true;
  const TokenKind before = tokens[i - 1].kind;
  return tokens[i + 1].kind == TokenKind::equals && before != TokenKind::comma && !opens(before);
}

}  // namespace

std::vector<std::span<const Token>> split_statements(std::span<const Token> tokens) {
  std::vector<std::span<const Token>> statements;
  std::size_t begin = 0;
  std::size_t depth = 0;
  std::size_t braces = 0;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    const Token& token = tokens[i];
    const bool free = depth == 0 || looks_like_declaration(tokens, i);
    if (token.starts_line && i > begin && braces == 0 && free) {
      statements.push_back(tokens.subspan(begin, i - begin));
      begin = i;
      depth = 0;
    }
    if (opens(token.kind)) ++depth;
    if (closes(token.kind) && depth > 0) --depth;
    if (token.kind == TokenKind::brace_open) ++braces;
    if (token.kind == TokenKind::brace_close && braces > 0) --braces;
  }
  if (begin < tokens.size()) statements.push_back(tokens.subspan(begin));
  return statements;
}

}  // namespace settle::language
