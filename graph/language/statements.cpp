#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

bool opens(TokenKind kind) { return kind == TokenKind::open || kind == TokenKind::bracket_open; }
bool closes(TokenKind kind) { return kind == TokenKind::close || kind == TokenKind::bracket_close; }

// The token behind the brackets that follow a name, at the furthest the end of the line.
std::size_t behind_brackets(std::span<const Token> tokens, std::size_t i) {
  std::size_t depth = 0;
  do {
    if (i >= tokens.size() || tokens[i].starts_line) return tokens.size();
    if (opens(tokens[i].kind)) ++depth;
    if (closes(tokens[i].kind) && depth > 0) --depth;
    ++i;
  } while (depth > 0);
  return i;
}

class Splitter {
 public:
  Splitter(const Source& source, std::span<const Token> tokens) : source_(&source), tokens_(tokens) {}

  std::vector<std::span<const Token>> run() {
    for (std::size_t i = 0; i < tokens_.size(); ++i) {
      const Token& token = tokens_[i];
      const bool alone = token.kind == TokenKind::brace_close;
      if (alone || (token.starts_line && begins_statement(i))) cut(i);
      if (opens(token.kind)) ++depth_;
      if (closes(token.kind) && depth_ > 0) --depth_;
      if (alone || (token.kind == TokenKind::brace_open && repeats())) cut(i + 1);
    }
    cut(tokens_.size());
    return std::move(statements_);
  }

 private:
  // What began before token `i` ends there.
  void cut(std::size_t i) {
    if (i > begin_) statements_.push_back(tokens_.subspan(begin_, i - begin_));
    begin_ = i;
    depth_ = 0;
  }

  bool repeats() const { return is_word(*source_, tokens_[begin_], "repeat"); }

  bool begins_statement(std::size_t i) const {
    if (tokens_[i].kind == TokenKind::brace_open && repeats()) return false;
    return depth_ == 0 || looks_like_statement(i);
  }

  // NAME ~, NAME[...] ~, repeat NAME, include "..., or NAME = where it cannot be an argument's keyword.
  bool looks_like_statement(std::size_t i) const {
    if (tokens_[i].kind != TokenKind::name || i + 1 >= tokens_.size()) return false;
    const TokenKind next = tokens_[i + 1].kind;
    if (next == TokenKind::tilde) return true;
    if (next == TokenKind::name) return is_word(*source_, tokens_[i], "repeat");
    if (next == TokenKind::quoted) return true;
    if (opens(next)) {
      const std::size_t behind = behind_brackets(tokens_, i + 1);
      return behind < tokens_.size() && !tokens_[behind].starts_line &&
             (tokens_[behind].kind == TokenKind::tilde || tokens_[behind].kind == TokenKind::equals);
    }
    const TokenKind before = tokens_[i - 1].kind;
    return next == TokenKind::equals && before != TokenKind::comma && !opens(before);
  }

  const Source* source_;
  std::span<const Token> tokens_;
  std::vector<std::span<const Token>> statements_;
  std::size_t begin_ = 0;
  std::size_t depth_ = 0;
};

}  // namespace

std::vector<std::span<const Token>> split_statements(const Source& source, std::span<const Token> tokens) {
  return Splitter(source, tokens).run();
}

bool is_word(const Source& source, const Token& token, std::string_view word) {
  return token.kind == TokenKind::name && source.text(token.at) == word;
}

}  // namespace settle::language
