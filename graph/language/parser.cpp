#include "graph/language/parser.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "graph/language/statements.hpp"

namespace settle::language {
namespace {

// Leaves a statement at its first mistake; an empty message where the lexer has reported it.
struct SyntaxError {
  Range at;
  std::string message;
  std::string hint;
};

constexpr std::array<std::string_view, 2> kReserved = {"repeat", "include"};

[[noreturn]] void fail(const Token& token, std::string message, std::string hint = "") {
  if (token.kind == TokenKind::invalid) message.clear();
  throw SyntaxError{token.at, std::move(message), std::move(hint)};
}

[[noreturn]] void fail_later(const Token& token, const std::string& what, const std::string& hint) {
  fail(token, what + " not in this version of the language", hint);
}

class Parser {
 public:
  Parser(const Source& source, std::span<const Token> tokens, SyntaxTree& tree)
      : source_(&source), tokens_(tokens), tree_(&tree) {
    if (!tokens.empty()) end_.at = {tokens.back().at.offset + tokens.back().at.length, 0};
  }

  // Fills name, relation and root.
  void statement(Statement& result) {
    const Token& name = take();
    if (name.kind == TokenKind::name && std::ranges::find(kReserved, text(name)) != kReserved.end())
      fail_later(name, "'" + std::string(text(name)) + "' is", "write the lines out");
    if (name.kind == TokenKind::brace_open || name.kind == TokenKind::brace_close)
      fail_later(name, "blocks are", "write the lines out");
    if (name.kind != TokenKind::name) fail(name, "a line begins with the name of a vertex", kForms);
    result.name = name.at;
    if (peek().kind == TokenKind::bracket_open) refuse_index();
    if (peek().kind == TokenKind::open && defines_function())
      fail_later(peek(), "functions of your own are", "name an expression instead: NAME = EXPRESSION");
    const Token& relation = take();
    if (relation.kind != TokenKind::tilde && relation.kind != TokenKind::equals)
      fail(relation, "expected '~' or '=' after the name", kForms);
    result.root = expression();
    finish();
    result.relation = relation.kind == TokenKind::tilde ? Relation::vertex : Relation::definition;
  }

  NodeIndex whole_expression() {
    const NodeIndex root = expression();
    finish();
    return root;
  }

 private:
  static constexpr const char* kForms = "a line is NAME ~ DISTRIBUTION or NAME = EXPRESSION";

  std::string_view text(const Token& token) const { return source_->text(token.at); }

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

  bool defines_function() const {
    const auto close = std::ranges::find(tokens_, TokenKind::close, &Token::kind);
    return close != tokens_.end() && close + 1 != tokens_.end() && (close + 1)->kind == TokenKind::equals;
  }

  [[noreturn]] void refuse_index() const {
    fail_later(peek(), "indexed vertices are", "give every vertex a name of its own, such as h1, h2");
  }

  void finish() {
    const Token& rest = peek();
    if (at_ >= tokens_.size()) return;
    if (rest.kind == TokenKind::close) fail(rest, "this ')' closes nothing");
    if (rest.kind == TokenKind::bracket_open) refuse_index();
    fail(rest, "expected the end of the line or an operator",
         rest.kind == TokenKind::equals || rest.kind == TokenKind::tilde ? "one declaration a line" : "");
  }

  NodeIndex add(SyntaxNode node) {
    for (const NodeArgument& argument : node.arguments)
      node.height = std::max(node.height, tree_->nodes[argument.value].height + 1);
    if (node.height > kMaxNesting) fail_deep(node.at);
    tree_->nodes.push_back(std::move(node));
    return static_cast<NodeIndex>(tree_->nodes.size() - 1);
  }
  NodeIndex add_operator(NodeKind kind, const Token& sign, std::initializer_list<NodeIndex> operands) {
    SyntaxNode node{kind, sign.at, 0, 1, {}};
    for (const NodeIndex operand : operands) node.arguments.push_back({{}, operand});
    return add(std::move(node));
  }

  [[noreturn]] static void fail_deep(Range at) {
    throw SyntaxError{at, "this expression goes more than " + std::to_string(kMaxNesting) + " levels deep",
                      "name a part of it on a line of its own: NAME = EXPRESSION"};
  }

  // Left to right: operand {operator operand}.
  template <class Operand>
  NodeIndex chain(Operand operand, std::initializer_list<std::pair<TokenKind, NodeKind>> operators) {
    NodeIndex left = (this->*operand)();
    for (;;) {
      const auto* found = std::ranges::find(operators, peek().kind, &std::pair<TokenKind, NodeKind>::first);
      if (found == operators.end()) return left;
      const Token& sign = take();
      if (sign.kind == TokenKind::star && peek().kind == TokenKind::star)
        fail(peek(), "expected a value after '*'", "powers are written x ^ 2");
      left = add_operator(found->second, sign, {left, (this->*operand)()});
    }
  }
  NodeIndex expression() {
    return chain(&Parser::product, {{TokenKind::plus, NodeKind::add}, {TokenKind::minus, NodeKind::subtract}});
  }
  NodeIndex product() {
    return chain(&Parser::unary, {{TokenKind::star, NodeKind::multiply}, {TokenKind::slash, NodeKind::divide}});
  }

  // Every recursion of the parser comes through here.
  NodeIndex unary() {
    if (++depth_ > kMaxNesting) fail_deep(peek().at);
    NodeIndex result = 0;
    if (peek().kind == TokenKind::minus) {
      const Token& sign = take();
      result = add_operator(NodeKind::negate, sign, {unary()});
    } else {
      result = power();
    }
    --depth_;
    return result;
  }

  NodeIndex power() {
    const NodeIndex base = primary();
    if (peek().kind != TokenKind::caret) return base;
    const Token& sign = take();
    return add_operator(NodeKind::power, sign, {base, unary()});
  }

  NodeIndex primary() {
    const Token& token = take();
    switch (token.kind) {
      case TokenKind::number:
        return add({NodeKind::number, token.at, token.number, 1, {}});
      case TokenKind::name:
        if (peek().kind == TokenKind::bracket_open) refuse_index();
        if (peek().kind == TokenKind::open) return call(token);
        return add({NodeKind::name, token.at, 0, 1, {}});
      case TokenKind::open: {
        const NodeIndex inner = expression();
        close(token);
        return inner;
      }
      case TokenKind::end:
        fail(token, "the line ends where a value is expected");
      default:
        fail(token, "expected a value: a number, a name, a call or '('");
    }
  }

  NodeIndex call(const Token& name) {
    const Token& open = take();
    SyntaxNode node{NodeKind::call, name.at, 0, 1, {}};
    if (!take_if(TokenKind::close)) {
      do {
        const bool keyword =
            peek().kind == TokenKind::name && at_ + 1 < tokens_.size() && tokens_[at_ + 1].kind == TokenKind::equals;
        Range key;
        if (keyword) {
          key = take().at;
          take();
        } else if (!node.arguments.empty() && !node.arguments.back().positional()) {
          fail(peek(), "an argument without a keyword comes before those with one");
        }
        node.arguments.push_back({key, expression()});
      } while (take_if(TokenKind::comma));
      close(open);
    }
    return add(std::move(node));
  }

  void close(const Token& open) {
    if (take_if(TokenKind::close)) return;
    if (at_ >= tokens_.size()) fail(open, "this '(' is never closed");
    if (peek().kind == TokenKind::bracket_open) refuse_index();
    fail(peek(), "expected ',' or ')'");
  }

  const Source* source_;
  std::span<const Token> tokens_;
  SyntaxTree* tree_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  Token end_;  // the place after the last token
};

// Names by where they stand: of what comes before '~' or '[' and of a line's first word a declaration is made; what is
// not the keyword of an argument may be a use.
void collect_names(const Source& source, std::span<const Token> tokens, Statement& statement) {
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind != TokenKind::name) continue;
    const TokenKind next = i + 1 < tokens.size() ? tokens[i + 1].kind : TokenKind::end;
    const std::string_view name = source.text(tokens[i].at);
    if (i == 0 || next == TokenKind::tilde || (next == TokenKind::bracket_open && tokens[i].starts_line))
      statement.declares.push_back(name);
    else if (next != TokenKind::equals)
      statement.mentions.push_back(name);
  }
}

void report(const SyntaxError& error, Diagnostics& diagnostics) {
  if (!error.message.empty()) diagnostics.report(error.at, error.message, error.hint);
}

}  // namespace

SyntaxTree parse(const Source& source, std::span<const Token> tokens, Diagnostics& diagnostics) {
  SyntaxTree tree;
  for (const std::span<const Token> line : split_statements(tokens)) {
    Statement statement;
    collect_names(source, line, statement);
    try {
      Parser(source, line, tree).statement(statement);
    } catch (const SyntaxError& error) {
      report(error, diagnostics);
    }
    tree.statements.push_back(std::move(statement));
  }
  return tree;
}

std::optional<NodeIndex> parse_expression(const Source& source, std::span<const Token> tokens, SyntaxTree& tree,
                                          Diagnostics& diagnostics) {
  try {
    return Parser(source, tokens, tree).whole_expression();
  } catch (const SyntaxError& error) {
    report(error, diagnostics);
    return std::nullopt;
  }
}

}  // namespace settle::language
