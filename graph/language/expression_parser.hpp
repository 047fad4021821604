// Purpose: tokens -> the syntax tree of an expression, by recursive descent: + and - bind less than * and /, those less
// than a minus sign, that less than ^, which goes from right to left. The parser of statements builds on it.
// Errors: SyntaxError at the first mistake. Thread rule: one owner.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "graph/language/ast.hpp"
#include "graph/language/lexer.hpp"

namespace settle::language {

// Leaves a statement at its first mistake; an empty message where the lexer has reported it.
struct SyntaxError {
  Range at;
  std::string message;
  std::string hint;
};

[[noreturn]] void fail(const Token& token, std::string message, std::string hint = "");

class ExpressionParser {
 public:
  ExpressionParser(const Source& source, std::span<const Token> tokens, SyntaxTree& tree);

  NodeIndex expression();
  // Requires of the tokens that nothing is left.
  void finish();

 protected:
  const Source& source() const { return *source_; }
  const SyntaxTree& tree() const { return *tree_; }
  std::span<const Token> tokens() const { return tokens_; }

  const Token& peek() const { return at_ < tokens_.size() ? tokens_[at_] : end_; }
  const Token& take() {
    const Token& token = peek();
    ++at_;
    return token;
  }
  bool take_if(TokenKind kind) {
    if (peek().kind != kind) return false;
    ++at_;
    return true;
  }
  // The place behind what was taken last.
  std::uint32_t taken_to() const { return tokens_[at_ - 1].at.offset + tokens_[at_ - 1].at.length; }

  // I, J, ...] behind `open`; each an expression or FROM..TO.
  void indices(const Token& open, SyntaxNode& node);
  NodeIndex add_operator(NodeKind kind, const Token& sign, std::initializer_list<NodeIndex> operands);

 private:
  bool at_end() const { return at_ >= tokens_.size(); }
  NodeIndex add(SyntaxNode node);
  template <class Operand>
  NodeIndex chain(Operand operand, std::initializer_list<std::pair<TokenKind, NodeKind>> operators);
  NodeIndex product();
  NodeIndex unary();
  NodeIndex power();
  NodeIndex primary();
  NodeIndex indexed(const Token& name);
  NodeIndex call(const Token& name);
  void close(const Token& open);
  void refuse_index() const;

  const Source* source_;
  std::span<const Token> tokens_;
  SyntaxTree* tree_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  Token end_;  // the place after the last token
};

}  // namespace settle::language
